/**
 * The text of a file that a person has made, however his editor or shell wrote it: UTF-8 with or without a byte order mark,
 * or UTF-16, which PowerShell 5.1 makes of `>`. Bytes that are no text become U+FFFD, as reading UTF-8 makes of them.
 *
 * UTF-16 without a mark is known by its first character, which is one of ASCII in every format read here.
 */
export function textOfBytes(bytes: Uint8Array): string {
  // The decoder takes a mark away.
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** Whether bytes are UTF-16: of them no reader of bytes makes anything. */
export function isUtf16(bytes: Uint8Array): boolean {
  return encodingOf(bytes) !== 'utf-8';
}

/** How a text that begins with these bytes was written. */
export function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return 'utf-8';
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}

/** The same text with the line ends of Unix, whatever system wrote it. */
export function withLineFeeds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
