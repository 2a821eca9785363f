import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { SILENT_LOGGER, TraderError } from '../../domain/index.ts';
import { openDataDirectory } from '../../storage/index.ts';
import { temporaryDatabases } from '../../storage/testing/temporary-databases.ts';
import { InstanceFile } from '../installation/instances.ts';
import { killTargets, modesIn, noteOf } from './kill-targets.ts';

const { folder: temporary } = temporaryDatabases();

function scene() {
  const root = temporary();
  const folders = [join(root, 'session'), join(root, 'other')] as const;
  const usual = join(root, 'usual');
  /** A program that runs, hangs or has crashed: its note is the same. */
  const note = (name: string, folder: string = folders[0]): string => {
    const directory = join(root, name);
    mkdirSync(directory, { recursive: true });
    const timers = new VirtualTimers();
    const facts = { directory, mode: 'live', host: 'desktop' } as const;
    const file = new InstanceFile({ ...facts, folder, clock: timers, timers, log: SILENT_LOGGER });
    onTestFinished(() => file.close());
    return directory;
  };
  const find = (directory?: string) => killTargets({ folders, directory, usual });
  const directories = (directory?: string) => find(directory).targets.map((target) => target.directory);
  return { root, folders, usual, note, find, directories };
}

describe('what a kill is to stop', () => {
  it('is every program that is noted in any of the folders', () => {
    const { folders, note, find, directories } = scene();
    const [a, b] = [note('a'), note('b', folders[1])];
    expect(directories()).toEqual([a, b]);
    expect(find().targets[1]).toMatchObject({
      folder: folders[1],
      instance: { mode: 'live', pid: process.pid },
    });
    expect(find().targets.map((target) => noteOf(target)?.directory)).toEqual([a, b]);
  });

  it('is the one directory that is named, and the others are told', () => {
    const { root, note, find } = scene();
    const [a, b] = [note('a'), note('b')];
    expect(find(b)).toMatchObject({ targets: [{ directory: b, instance: { mode: 'live' } }], others: [a] });
    symlinkSync(b, join(root, 'link'));
    expect(find(join(root, 'link')).targets[0]?.directory).toBe(b);
  });

  it('is a directory on which nothing was noted, where it is named and one of ours', () => {
    const { root, find } = scene();
    const old = join(root, 'old');
    mkdirSync(old);
    expect(find(old).targets).toEqual([{ directory: old, instance: undefined, folder: undefined }]);
    writeFileSync(join(old, 'live.sqlite'), '');
    writeFileSync(join(old, 'sandbox.sqlite'), '');
    expect(find(old).targets).toHaveLength(1);
    expect(modesIn(old, ['demo', 'sandbox', 'live'])).toEqual(['sandbox', 'live']);
    const [target] = find(old).targets;
    expect(target === undefined ? 'none' : noteOf(target)).toBeUndefined();
  });

  it('is no directory that does not exist or is none of ours, and none is made', () => {
    const { root, find } = scene();
    expect(() => find(join(root, 'mistyped'))).toThrow(TraderError);
    expect(() => find(join(root, 'mistyped'))).toThrow('does not exist: nothing was stopped');
    mkdirSync(join(root, 'letters'));
    writeFileSync(join(root, 'letters', 'to-ada.txt'), '');
    expect(() => find(join(root, 'letters'))).toThrow('is no data directory');
    expect(readdirSync(root)).toEqual(['letters']);
  });

  it('is the usual directory where nothing is noted, and where it is held', () => {
    const { usual, note, directories } = scene();
    expect(directories()).toEqual([]);
    openDataDirectory(usual).close();
    expect(directories()).toEqual([usual]);
    const a = note('a');
    expect(directories()).toEqual([a]);
    const held = openDataDirectory(usual);
    expect(directories()).toEqual([a, usual]);
    held.close();
    note('usual');
    expect(directories().toSorted()).toEqual([a, usual].toSorted());
  });
});
