import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RotatingFile } from './rotating-file.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'tradebot-rotating-')), 'logs');
});
afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('RotatingFile', () => {
  test('a line is in the file when the call returns', () => {
    const file = new RotatingFile({ folder, name: 'x', maxBytes: 100, keep: 1 });
    file.write('one\n');
    expect(read('x.log')).toBe('one\n');
    file.close();
  });

  test('each full file moves one number on, the oldest goes', () => {
    const file = new RotatingFile({ folder, name: 'x', maxBytes: 8, keep: 2 });
    for (const line of ['one1\n', 'two2\n', 'three\n', 'four\n']) file.write(line);
    file.close();
    expect([read('x.log'), read('x.1.log'), read('x.2.log')]).toEqual(['four\n', 'three\n', 'two2\n']);
    expect(readdirSync(folder)).toHaveLength(3);
  });

  test('keeping none starts the one file over', () => {
    const file = new RotatingFile({ folder, name: 'x', maxBytes: 8, keep: 0 });
    for (const line of ['one1\n', 'two2\n']) file.write(line);
    file.close();
    expect([readdirSync(folder), read('x.log')]).toEqual([['x.log'], 'two2\n']);
  });

  test('a line longer than a file has one of its own', () => {
    const file = new RotatingFile({ folder, name: 'x', maxBytes: 8, keep: 3 });
    for (const line of ['a long line\n', 'b\n']) file.write(line);
    file.close();
    expect([read('x.log'), read('x.1.log')]).toEqual(['b\n', 'a long line\n']);
  });

  test('after the folder has gone it counts what it loses, and goes on when the folder is back', () => {
    const file = new RotatingFile({ folder, name: 'x', maxBytes: 8, keep: 1 });
    file.write('one1\n');
    renameSync(folder, `${folder}-away`);
    file.write('two2\n');
    file.write('three\n');
    expect(file.lostLines).toBe(2);
    mkdirSync(folder);
    file.write('four\n');
    file.close();
    expect([file.lostLines, read('x.log')]).toEqual([2, 'four\n']);
  });

  test('while another program holds an older file no line is lost, and once it lets go all moves on', () => {
    const file = new RotatingFile({ folder, name: 'x', maxBytes: 8, keep: 1 });
    file.write('one1\n');
    // A folder with something in it cannot be replaced by a file.
    mkdirSync(join(folder, 'x.1.log'));
    writeFileSync(join(folder, 'x.1.log', 'something'), '');
    file.write('two2\n');
    file.write('three\n');
    expect([read('x.full.log'), read('x.log'), file.lostLines]).toEqual(['one1\n', 'two2\nthree\n', 0]);
    rmSync(join(folder, 'x.1.log'), { recursive: true });
    file.write('four4444\n');
    file.close();
    expect([read('x.1.log'), read('x.log')]).toEqual(['two2\nthree\n', 'four4444\n']);
    expect([file.lostLines, readdirSync(folder).sort()]).toEqual([0, ['x.1.log', 'x.log']]);
  });

  test('while another program holds the file itself every line goes into it, and it is not tried at each', () => {
    const file = new RotatingFile({ folder, name: 'x', maxBytes: 8, keep: 2 });
    // A folder with something in it cannot be replaced by a file: as good as held, on every system.
    mkdirSync(join(folder, 'x.full.log'));
    writeFileSync(join(folder, 'x.full.log', 'something'), '');
    mkdirSync(join(folder, 'x.2.log'));
    writeFileSync(join(folder, 'x.2.log', 'something'), '');
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}\n`);
    for (const line of lines) file.write(line);
    expect([read('x.log'), file.lostLines]).toEqual([lines.join(''), 0]);
    for (const name of ['x.full.log', 'x.2.log']) rmSync(join(folder, name), { recursive: true });
    file.write('later\n');
    file.write('last\n');
    file.close();
    expect(read('x.log')).toBe('last\n');
    expect(read('x.1.log')).toBe('later\n');
    expect(read('x.2.log')).toBe(lines.join(''));
    expect(file.lostLines).toBe(0);
  });

  test('a folder that cannot be made is said at once', () => {
    mkdirSync(join(folder, '..'), { recursive: true });
    writeFileSync(folder, 'in the way');
    expect(() => new RotatingFile({ folder, name: 'x', maxBytes: 8, keep: 1 })).toThrow('EEXIST');
  });
});
