import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HourlyBars, HourlyCloses, type Strategy } from '../../strategies/index.ts';
import { loadSettings } from './settings-file.ts';
import { ownStrategyNames, StrategyFolder, strategyFile } from './strategy-folder.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'strategies-'));
  mkdirSync(join(directory, 'strategies'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const source = (describes: string): string =>
  `export default { describes: '${describes}', everyHours: 24, historyDays: 2, decide() { return null; } };`;
const save = (name: string, text: string): void => writeFileSync(strategyFile(directory, name), text);

describe("the folder of the trader's own strategies", () => {
  it('has those that come with the program, and the files by name', () => {
    save('mine', source('first'));
    writeFileSync(join(directory, 'strategies', 'tradebot.d.ts'), '');
    const folder = new StrategyFolder(directory);
    expect(ownStrategyNames(directory)).toEqual(['mine']);
    expect(folder.of('trend').id).toBe('trend');
    expect(folder.of('mine')).toMatchObject({ kind: 'proposing', id: 'mine', label: 'first' });
  });

  it('are the same version whatever line ends and encoding an editor gives their file', () => {
    const text = source('first').replaceAll(', ', ',\n');
    const windows = text.replaceAll('\n', '\r\n');
    const versionOf = (each: string): unknown => {
      save('mine', each);
      const strategy = new StrategyFolder(directory).of('mine');
      return 'version' in strategy ? strategy.version : undefined;
    };
    expect([windows, `\u{feff}${windows}`].map(versionOf)).toEqual([versionOf(text), versionOf(text)]);
    expect(versionOf(text)).toMatch(/^[0-9a-f]{16}$/);
    expect(versionOf(text.replace('24', '12'))).not.toEqual(versionOf(text));
  });

  it('says which there are where one is not, and why one cannot be used', () => {
    save('broken', 'export default 1;');
    const folder = new StrategyFolder(directory);
    expect(() => folder.of('mine')).toThrow(
      'there is no strategy mine: choose one of trend, ensemble, rules, ml, broken',
    );
    expect(() => folder.of('../mine')).toThrow();
    expect(() => folder.of('broken')).toThrow(/broken\.ts: .*it has to be an object/);
    mkdirSync(strategyFile(directory, 'folder'));
    expect(() => folder.of('folder')).toThrow('is no file');
    save('large', 'x'.repeat(400_001));
    expect(() => folder.of('large')).toThrow('larger than a strategy can be');
  });

  it('goes on without one that cannot be used where something is held: it buys nothing, and is taken up when it is right', () => {
    save('mine', 'export default 1;');
    const folder = new StrategyFolder(directory, { goesOn: (id) => id !== 'none' });
    const standIn = folder.of('mine');
    const asked = (strategy: Strategy) => {
      if (strategy.kind !== 'proposing') throw new TypeError('it proposes');
      const bars = new HourlyBars();
      return strategy.propose(new HourlyCloses(), { symbol: 'BTC/USDT', at: 0, symbols: 1, bars });
    };
    expect(standIn).toMatchObject({ kind: 'proposing', id: 'mine', label: 'its file cannot be used' });
    expect(() => asked(standIn)).toThrow(/mine\.ts: .*it has to be an object/);
    const [news, ...more] = folder.look();
    expect(news).toMatchObject({ strategy: 'mine', isUsed: false });
    expect(news?.message).toMatch(/it has to be an object: positions are guarded, and nothing is bought/);
    expect(more).toEqual([]);
    expect(folder.look()).toEqual([]);
    save('mine', 'export default 2;');
    expect(folder.look()[0]?.message).toContain('nothing is bought until it is right');
    expect(folder.look()).toEqual([]);
    expect(folder.of('mine')).toBe(standIn);
    save('mine', source('right'));
    expect(folder.look()).toMatchObject([{ isUsed: true }]);
    expect(asked(folder.of('mine'))).toMatchObject({ kind: 'none', code: 'warming-up' });
    save('mine', 'export default 3;');
    expect(folder.look()[0]?.message).toContain('the mine from before goes on deciding');
    mkdirSync(strategyFile(directory, 'folder'));
    expect(folder.of('folder')).toMatchObject({ label: 'its file cannot be used' });
    expect(folder.look()).toMatchObject([{ strategy: 'folder', isUsed: false }]);
    expect(() => folder.of('../mine')).toThrow();
    expect(() => folder.of('none')).toThrow('there is no strategy none');
  });

  it('goes on without one whose file was deleted where something is held, says so with what to do, and takes it up when it is back', () => {
    const folder = new StrategyFolder(directory, { goesOn: () => true });
    const standIn = folder.of('mine');
    expect(standIn).toMatchObject({
      id: 'mine',
      fault: `${strategyFile(directory, 'mine')} is not there: put it back or right, or choose another strategy (strategy.id)`,
    });
    const [news] = folder.look();
    expect(news?.message).toMatch(/mine\.ts is not there: positions are guarded, and nothing is bought/);
    expect(folder.look()).toEqual([]);
    save('mine', source('back'));
    expect(folder.look()).toMatchObject([{ isUsed: true }]);
    expect(folder.of('mine')).toMatchObject({ label: 'back' });
    expect(folder.of('mine')).not.toHaveProperty('fault');
  });

  it('takes up a changed file when it is looked at, and says so once', () => {
    save('mine', source('first'));
    const folder = new StrategyFolder(directory);
    const before = folder.of('mine');
    expect(folder.look()).toEqual([]);
    save('mine', source('second'));
    // Not before.
    expect(folder.of('mine')).toBe(before);
    expect(folder.look()).toEqual([
      {
        strategy: 'mine',
        isUsed: true,
        message: expect.stringContaining('decides from this bar on (second)'),
      },
    ]);
    expect(folder.of('mine').label).toBe('second');
    expect(folder.look()).toEqual([]);
  });

  it.each([
    ['cannot be read', () => save('mine', 'export default {'), 'its file cannot be used, line 1'],
    ['is gone', () => rmSync(strategyFile(directory, 'mine')), 'cannot be read (ENOENT'],
  ])('a file that %s leaves the one before in its place', (_what, spoil, words) => {
    save('mine', source('first'));
    const folder = new StrategyFolder(directory);
    const before = folder.of('mine');
    spoil();
    const [news, ...more] = folder.look();
    expect(news).toMatchObject({ isUsed: false, message: expect.stringContaining(words) });
    expect(news?.message).toContain('the mine from before goes on deciding');
    expect(more).toEqual([]);
    expect(folder.of('mine')).toBe(before);
    expect(folder.look()).toEqual([]);
    // Put back as it was: nothing has changed.
    save('mine', source('first'));
    expect(folder.look()).toEqual([]);
    save('mine', source('third'));
    expect(folder.look()).toMatchObject([{ isUsed: true }]);
  });

  it('settings that name one that is not there are refused, also of a rival', () => {
    save('mine', source('first'));
    const load = (overrides: Record<string, unknown>) =>
      loadSettings({ environment: {}, directory, overrides });
    expect(load({ strategy: { id: 'mine' } }).strategy.id).toBe('mine');
    expect(() => load({ strategy: { id: 'trned' } })).toThrow('strategy.id: there is no strategy trned');
    expect(() => load({ arena: { rivals: { a: { strategy: 'yours' } } } })).toThrow(
      'arena.rivals.a.strategy: there is no strategy yours',
    );
    expect(() => load({ strategy: { id: 'Not A Name' } })).toThrow('or the name of your own');
  });
});
