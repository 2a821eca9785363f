import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createTerminal } from './terminal.ts';

/** A stream may stand for standard output: what a terminal needs of it is there. */
function output(): PassThrough & NodeJS.WriteStream {
  return new PassThrough() as PassThrough & NodeJS.WriteStream;
}

describe('the terminal', () => {
  it.each(['EPIPE', 'EIO', 'EOF'])('goes on when whoever reads along has gone: %s', (code) => {
    const stdout = output();
    createTerminal(stdout, output());
    expect(() => stdout.emit('error', Object.assign(new Error('gone'), { code }))).not.toThrow();
    expect(() => stdout.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }))).toThrow('full');
  });

  it('writes results to one stream and remarks to the other', () => {
    const [stdout, stderr] = [output(), output()];
    const terminal = createTerminal(stdout, stderr);
    terminal.print('result');
    terminal.note('remark');
    expect([String(stdout.read()), String(stderr.read())]).toEqual(['result\n', 'remark\n']);
  });
});
