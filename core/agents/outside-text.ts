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

/** Whether anything in a text can be read: a letter or a digit that is drawn. */
export function isLegible(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text.replace(/\p{Default_Ignorable_Code_Point}/gu, ''));
}

/** A shorter text is no secret, and might stand in any sentence. */
const SHORTEST_SECRET = 6;

/** The text with `[key]` wherever it held the secret, also in the escapes of JSON, however often quoted, and of addresses. */
export function withoutSecret(text: string, secret: string | undefined): string {
  if (secret === undefined || secret.length < SHORTEST_SECRET) return text;
  const signs = [...secret].map((sign) => {
    const hex = sign.charCodeAt(0).toString(16).padStart(2, '0');
    return `(?:\\\\{0,4}${sign.replace(/[^\w]/, '\\$&')}|\\\\{1,4}[uU]00(?:${eitherCase(hex)})|%(?:${eitherCase(hex)}))`;
  });
  return text.replace(new RegExp(signs.join(''), 'g'), '[key]');
}

function eitherCase(hex: string): string {
  return `${hex}|${hex.toUpperCase()}`;
}
