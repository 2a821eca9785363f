import { symbolFault } from '../contract/index.ts';
import { TraderError } from '../domain/index.ts';

/** Symbols as `--symbol` gives them. @throws TraderError for what is none. */
export function symbolsOfFlag(texts: readonly string[]): readonly string[] {
  for (const text of texts) {
    const fault = symbolFault(text);
    if (fault !== undefined) throw new TraderError('bad-input', `--symbol ${text}: ${fault}`);
  }
  return texts;
}
