import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { SILENT_LOGGER } from '../../domain/index.ts';
import { PLATFORM } from '../../platform/index.ts';
import { temporaryDatabases } from '../../storage/testing/temporary-databases.ts';
import { BEAT_MS, forget, InstanceFile, noted, notedOn } from './instances.ts';

const { folder: temporary } = temporaryDatabases();

function running(directory = '/data/a') {
  const folder = join(temporary(), 'running');
  const timers = new VirtualTimers();
  const warnings: string[] = [];
  const log = { ...SILENT_LOGGER, warn: (_: object, line: string) => warnings.push(line) };
  const options = { folder, directory, mode: 'live', host: 'desktop', clock: timers, timers, log } as const;
  const open = (): InstanceFile => {
    const file = new InstanceFile(options);
    onTestFinished(() => file.close());
    return file;
  };
  return { folder, timers, warnings, open, of: () => notedOn(folder, directory) };
}

describe('a running program', () => {
  it('is noted from its opening to its end, with nothing secret, for its user alone', () => {
    const { folder, open, of } = running();
    const file = open();
    const expected = {
      pid: process.pid,
      directory: '/data/a',
      mode: 'live',
      host: 'desktop',
      killSwitch: null,
    };
    expect(of()).toMatchObject(expected);
    const [name = ''] = readdirSync(folder);
    expect(Object.keys(JSON.parse(readFileSync(join(folder, name), 'utf8')) as object).sort()).toEqual(
      ['version', 'beat', 'startedAt', ...Object.keys(expected)].sort(),
    );
    if (PLATFORM !== 'win32') expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    file.close();
    expect(noted(folder)).toEqual([]);
  });

  it('says again and again that it runs, and at once how far its emergency stop has come', async () => {
    const { timers, open, of } = running();
    const file = open();
    const first = of()?.beat ?? 0;
    await timers.pass(2 * BEAT_MS);
    expect(of()?.beat).toBe(first + 2);
    const view = { engaged: true, at: 1, reason: 'a secret of the trader', failures: ['one'] };
    file.tell({ ...view, stage: 'flattening' });
    expect(of()?.killSwitch).toEqual({ stage: 'flattening', failures: ['one'] });
    expect(of()?.beat).toBe(first + 3);
    file.tell({ ...view, stage: 'flattening' });
    expect(of()?.beat).toBe(first + 3);
    file.close();
    await timers.pass(2 * BEAT_MS);
    expect(of()).toBeUndefined();
  });

  it('runs all the same where it cannot be noted, and says so once', async () => {
    const { folder, timers, warnings, open, of } = running();
    writeFileSync(folder, 'no folder');
    open();
    await timers.pass(3 * BEAT_MS);
    expect(warnings).toEqual(['`tradebot kill` does not find this program without its --data-dir']);
    expect(of()).toBeUndefined();
  });
});

describe('what is noted', () => {
  it('is forgotten of a program that crashed', () => {
    const { folder, open } = running();
    open();
    forget(folder, '/data/b');
    expect(noted(folder)).toHaveLength(1);
    forget(folder, '/data/a');
    expect(noted(folder)).toEqual([]);
  });

  it('is nothing where it is no note of ours, or in a folder of others', () => {
    const { folder, open } = running();
    open();
    writeFileSync(join(folder, 'other.json'), '{"directory":"/data/b"}');
    writeFileSync(join(folder, 'torn.json'), '{"dir');
    expect(noted(folder).map(({ directory }) => directory)).toEqual(['/data/a']);
    if (PLATFORM === 'win32') return;
    chmodSync(folder, 0o777);
    expect(noted(folder)).toEqual([]);
  });
});
