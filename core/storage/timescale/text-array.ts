/** The type `text`, as PostgreSQL numbers its own. */
const TEXT = 25;
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;

/**
 * A `text[]` of one dimension in PostgreSQL's binary form (`array_send`). In its written form every quote of a JSON document
 * is escaped here, character by character, and read back there: a fifth of the time that telling a server took.
 */
export function textArray(values: readonly (string | null)[]): Buffer {
  let size = HEADER_BYTES + values.length * LENGTH_BYTES;
  let hasNull = 0;
  for (const value of values) {
    if (value === null) hasNull = 1;
    else size += Buffer.byteLength(value);
  }
  const bytes = Buffer.allocUnsafe(size);
  // One dimension; whether there are nulls; of what; how many, the first being number 1.
  let at = 0;
  for (const word of [1, hasNull, TEXT, values.length, 1]) at = bytes.writeInt32BE(word, at);
  for (const value of values) {
    if (value === null) at = bytes.writeInt32BE(-1, at);
    else {
      const length = bytes.write(value, at + LENGTH_BYTES);
      at = bytes.writeInt32BE(length, at) + length;
    }
  }
  return bytes;
}
