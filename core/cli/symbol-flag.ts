import { symbolFault } from '../contract/index.ts';
import { BadInput } from './failure.ts';

/** Symbols as `--symbol` gives them. @throws BadInput for what is none. */
export function symbolsOfFlag(texts: readonly string[]): readonly string[] {
  for (const text of texts) {
    const fault = symbolFault(text);
    if (fault !== undefined) throw new BadInput(`--symbol ${text}: ${fault}`);
  }
  return texts;
}
