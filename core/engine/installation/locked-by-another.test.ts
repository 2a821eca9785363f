import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { BTC, ETH, engineScene } from '../testing/engine-scene.ts';
import { openStores, type Stores } from './stores.ts';

const HOLDER = fileURLToPath(new URL('../../storage/testing/lock-holder.ts', import.meta.url));

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function directory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradebot-locked-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Another process that keeps a database from being written, until it is killed. */
async function lockedByAnother(file: string): Promise<{ end(): Promise<void> }> {
  const child = spawn(process.execPath, [HOLDER, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await closed;
  };
  ends.push(end);
  await once(child.stdout, 'data');
  return { end };
}

/** A program that holds bitcoin under a stop when another process locks its books. */
async function holding(folder: string) {
  const stores = openStores(folder, 'demo');
  const { ledger, decisions, state, venue: store } = stores;
  const scene = await engineScene({
    ...{ symbols: [BTC, ETH], patience: 'prompt', ledger, decisions, state, store },
    unwritten: () => stores.unwritten(),
  });
  scene.voters.says.set(ETH, 'HOLD');
  for (const says of ['BUY', 'HOLD'] as const) {
    scene.voters.says.set(BTC, says);
    for (const symbol of [BTC, ETH]) await scene.bar(symbol, 1_000);
  }
  scene.voters.says.set(ETH, 'BUY');
  expect(scene.engine.desk.protectionOf(BTC).protection).toBe('venue');
  return { scene, stores, other: await lockedByAnother(join(folder, 'demo.sqlite')) };
}

/** What the books have, read by a program that starts with them. */
function kept(folder: string) {
  const stores = openStores(folder, 'demo');
  const found = booksOf(stores);
  stores.close();
  return found;
}

function booksOf({ ledger, decisions, venue }: Stores) {
  const fills = [...ledger.fills()].map(({ tradeId }) => tradeId);
  const atVenue = [BTC, ETH].flatMap((symbol) => venue.fills(symbol, 0, 99).map(({ tradeId }) => tradeId));
  return {
    fills: fills.toSorted(),
    atVenue: atVenue.toSorted(),
    decisions: decisions.list({ limit: 99 }).length,
  };
}

test('books that another process locks for a while open nothing, keep the stop, and have everything once it is gone', async () => {
  const folder = directory();
  const { scene, stores, other } = await holding(folder);
  await scene.bar(ETH, 1_000);
  expect(scene.outcomes(ETH).at(-1)).toBe('blocked ledger-failed');
  expect(scene.told.faults.at(-1)).toMatch(
    /^the order ledger cannot be written, so no position is opened or enlarged: another program keeps it locked \(/,
  );
  expect(stores.faults()).toContainEqual(expect.stringMatching(/kept in memory and tried again/));
  // The stop does its work, and is counted, though nothing of it can be written.
  await scene.bar(BTC, 970);
  expect(scene.engine.portfolio.position(BTC).quantity.isZero()).toBe(true);
  await other.end();
  stores.retry();
  await scene.time.pass(10_000);
  expect([scene.told.faults.at(-1), stores.faults(), stores.unwritten()]).toEqual([null, [], null]);
  await scene.bar(ETH, 1_000);
  expect(scene.outcomes(ETH).at(-1)).toBe('traded entry');
  const [decided] = [scene.told.decisions.length];
  await scene.engine.close();
  stores.close();
  const { fills, atVenue, decisions } = kept(folder);
  expect(fills).toHaveLength(2);
  expect([fills, decisions]).toEqual([atVenue, decided]);
});

test('books that another process locks for ever end with the program, and have all that was there before', async () => {
  const folder = directory();
  const { scene, stores, other } = await holding(folder);
  const before = booksOf(stores);
  await scene.bar(ETH, 1_000);
  await scene.bar(BTC, 970);
  await scene.engine.close();
  stores.close();
  // Who starts on them meanwhile finds what there is.
  expect(kept(folder)).toEqual(before);
  await other.end();
  expect(kept(folder)).toEqual(before);
});
