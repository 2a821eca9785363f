/** Of a line that is no line of a table a field may be all of a file. */
const LONGEST = 60;

/** A field of a file in the words of a message: of one line, and no longer than anybody reads. */
export function quotedField(field: string): string {
  const shown = field.length > LONGEST ? `${field.slice(0, LONGEST)}…` : field;
  return `“${shown.replaceAll(/\p{Cc}/gu, '·')}”`;
}

/** Whether a field can be a name of a coin, or the number of a trade: such have no control characters and no hundred letters. */
export function isName(field: string): boolean {
  return field.length <= 100 && !/\p{Cc}/u.test(field);
}
