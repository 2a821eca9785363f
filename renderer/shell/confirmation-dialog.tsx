import { type FormEvent, type ReactNode, useState } from 'react';
import { Dialog } from '../parts/index.ts';
import { failureText } from '../program/commands.ts';
import { useNavigation } from '../stores/index.ts';

interface ConfirmationDialogProps {
  /** Begins the test ids of dialog, input and button. */
  readonly name: string;
  readonly title: string;
  /** To be typed. */
  readonly word: string;
  /** Whether the program would do it now. */
  readonly allowed: boolean;
  /** Why the question itself could not be asked, or null. */
  readonly failure?: string | null;
  /** What the buttons are called: to leave things as they are, to go ahead, and while that is under way. */
  readonly buttons: { readonly leave: string; readonly act: string; readonly acting: string };
  /** Goes ahead. A failure is shown, and the question stays. */
  readonly onConfirm: () => Promise<void>;
  readonly children: ReactNode;
}

/** Says what something does, and asks for a word before it is done. */
export function ConfirmationDialog(props: ConfirmationDialogProps) {
  const { name, title, word, allowed, failure = null, buttons, onConfirm, children } = props;
  const show = useNavigation((navigation) => navigation.show);
  const [typed, setTyped] = useState('');
  const [sending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const ready = typed === word && allowed && !sending;
  const confirm = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!ready) return;
    setSending(true);
    try {
      await onConfirm();
      show(null);
    } catch (error) {
      setRefusal(failureText(error));
      setSending(false);
    }
  };
  const fault = refusal ?? failure;
  return (
    <Dialog label={title} testId={`${name}-dialog`} onClose={() => show(null)}>
      <form className="dialog-form" onSubmit={(event) => void confirm(event)}>
        <h2>{title}</h2>
        {children}
        <label className="field">
          <span>Type {word} to confirm</span>
          <input
            className="input code"
            data-testid={`${name}-input`}
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        {fault === null ? null : (
          <p className="fault sentence" role="alert">
            {fault}
          </p>
        )}
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={() => show(null)}>
            {buttons.leave}
          </button>
          <button
            type="submit"
            className="button button-danger"
            data-testid={`${name}-confirm`}
            disabled={!ready}
          >
            {sending ? buttons.acting : buttons.act}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
