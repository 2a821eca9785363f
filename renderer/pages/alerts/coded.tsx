import { Fragment } from 'react';

/** Words in which what stands between backticks is to be typed, or is a name in the settings file. */
export function Coded({ words }: { readonly words: string }) {
  return words.split('`').map((part, index) => {
    // Parts of one text never change their places.
    const key = `${index} ${part}`;
    return index % 2 === 1 ? (
      <code key={key} className="code">
        {part}
      </code>
    ) : (
      <Fragment key={key}>{part}</Fragment>
    );
  });
}
