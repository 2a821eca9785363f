import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordedLines } from './recorded-lines.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-recorded-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function linesOf(content: Uint8Array): Promise<readonly string[]> {
  const path = join(folder, 'recording');
  writeFileSync(path, content);
  const lines: string[] = [];
  for await (const some of recordedLines(path)) lines.push(...some);
  return lines;
}

// Longer than what is read at once, with characters of two and three bytes across its borders.
const LINES = Array.from({ length: 9_000 }, (_, number) => `{"e":"depthUpdate","n":${number},"w":"ü€"}`);
const text = LINES.join('\n');
const littleEndian = Buffer.from(`\u{feff}${text}`, 'utf16le');

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark', Buffer.from(`\u{feff}${text}`)],
  ['UTF-16, as PowerShell writes it', littleEndian],
  ['UTF-16 the other way round', Buffer.from(littleEndian).swap16()],
  ['UTF-8 in gzip', gzipSync(text)],
  ['UTF-16 in gzip', gzipSync(littleEndian)],
])('a recording in %s has the same lines', async (_, content) => {
  expect(await linesOf(content)).toEqual(LINES);
});

test.each([
  ['', []],
  ['a', ['a']],
  ['a\n', ['a']],
  ['\n\na', ['', '', 'a']],
])('%j has the lines %j', async (content, lines) => {
  expect(await linesOf(Buffer.from(content))).toEqual(lines);
});
