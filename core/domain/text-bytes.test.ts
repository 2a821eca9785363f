import { expect, test } from 'vitest';
import { isUtf16, textOfBytes, withLineFeeds } from './text-bytes.ts';

const TEXT = '{"a":"über 5 €"}\n';
const littleEndian = Buffer.from(TEXT, 'utf16le');
const bigEndian = Buffer.from(littleEndian).swap16();

test.each([
  ['UTF-8', Buffer.from(TEXT), false],
  ['UTF-8 with a byte order mark', Buffer.from(`\u{feff}${TEXT}`), false],
  ['UTF-16 as Windows writes it', Buffer.concat([Buffer.from([0xff, 0xfe]), littleEndian]), true],
  ['UTF-16 the other way round', Buffer.concat([Buffer.from([0xfe, 0xff]), bigEndian]), true],
  ['UTF-16 without a mark', littleEndian, true],
  ['UTF-16 the other way round, without a mark', bigEndian, true],
])('a text in %s is the same text', (_, bytes, utf16) => {
  expect(textOfBytes(bytes)).toBe(TEXT);
  expect(isUtf16(bytes)).toBe(utf16);
});

test.each([[''], ['a'], ['ab'], ['é']])('%j in UTF-8 is read as that', (text) => {
  expect(textOfBytes(Buffer.from(text))).toBe(text);
});

test('bytes of nothing are no UTF-16', () => {
  expect(isUtf16(Buffer.from([0, 0, 0, 0]))).toBe(false);
});

test('line ends are those of Unix, and a lone carriage return stays', () => {
  expect(withLineFeeds('a\r\nb\n\rc\r\n')).toBe('a\nb\n\rc\n');
});
