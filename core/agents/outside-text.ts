/** Control characters, line separators, and the invisible ones that hide or reorder text. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Text that came from outside (a server, a model, a venue) as one line of visible characters, cut to a length.
 *
 * @param limit in UTF-16 code units; a cut text ends with an ellipsis.
 */
export function cleanText(text: string, limit: number): string {
  const line = text.replace(INVISIBLE, ' ').replace(/ {2,}/g, ' ').trim();
  return line.length <= limit ? line.toWellFormed() : `${line.slice(0, limit - 1).toWellFormed()}…`;
}

/** JSON that can close no delimiter: no angle bracket is left in it. */
export function dataJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}
