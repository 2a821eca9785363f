const BYTES_PER_NUMBER = 8;

/** Float64 numbers as base64 of their little-endian bytes: exact, NaN included. */
export function encodeNumbers(numbers: readonly number[]): string {
  const bytes = Buffer.alloc(numbers.length * BYTES_PER_NUMBER);
  numbers.forEach((number, index) => {
    bytes.writeDoubleLE(number, index * BYTES_PER_NUMBER);
  });
  return bytes.toString('base64');
}

/** The numbers of `encodeNumbers`. Throws RangeError when the text is cut short. */
export function decodeNumbers(text: string): number[] {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % BYTES_PER_NUMBER !== 0) throw new RangeError('the text does not hold whole numbers');
  const count = bytes.length / BYTES_PER_NUMBER;
  return Array.from({ length: count }, (_, index) => bytes.readDoubleLE(index * BYTES_PER_NUMBER));
}
