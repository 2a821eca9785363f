import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { boundedLines } from './log-pipe.ts';

test('a reader that stands still holds nobody up: what does not fit is left out, and told', () => {
  const read: string[] = [];
  let goOn: (() => void) | undefined;
  const stream = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      read.push(line);
      goOn = done;
    },
  });
  const lines = boundedLines(stream, 10);
  for (let line = 0; line < 50; line += 1) lines.write(`{"n":${line}}\n`);
  expect(stream.writableLength).toBeLessThan(30);
  while (stream.writableLength > 0) goOn?.();
  lines.write('{"n":50}\n');
  while (stream.writableLength > 0) goOn?.();
  const told = read.map((line) => JSON.parse(line) as { n?: number; message?: string });
  const [left] = told.flatMap(({ message }) => message ?? []);
  expect(left).toBe(
    `nobody has read this for a while: ${51 - (told.length - 1)} lines were left out here, and are in the log files`,
  );
  expect(told.at(-1)).toEqual({ n: 50 });
});
