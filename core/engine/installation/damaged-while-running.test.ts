import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alertRecord } from '../../../tests/contracts/alert-store-contract.ts';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { LedgerError } from '../../domain/index.ts';
import { openDatabase, requireWhole } from '../../storage/index.ts';
import { openStores, type Stores } from './stores.ts';

const PAGE = 4_096;
let folder: string;
let stores: Stores | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-damaged-'));
});
afterEach(() => {
  stores?.close();
  stores = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Books that are open and have been written to, so long that not all of them is in memory. */
function running(): Stores {
  const opened = openStores(folder, 'demo');
  stores = opened;
  opened.ledger.appendIntent(intentOf('a', { amount: 1_000_000 }));
  for (let number = 0; number < 300; number += 1) opened.ledger.appendFill(fillOf(`t${number}`, 'a'));
  for (let number = 0; number < 50; number += 1) opened.state.write(`document ${number}`, 'x'.repeat(9_000));
  return opened;
}

/** Writes over every page of the file but the first few, as a failing disk or another program does. */
function damage(from: number): void {
  const file = join(folder, 'demo.sqlite');
  const checkpointer = openDatabase({ file, owner: 'demo' });
  checkpointer.pragma('wal_checkpoint(TRUNCATE)');
  checkpointer.close();
  const { size } = statSync(file);
  const handle = openSync(file, 'r+');
  for (let at = from * PAGE; at < size; at += PAGE) writeSync(handle, Buffer.alloc(PAGE, 0xa5), 0, PAGE, at);
  closeSync(handle);
}

test.each([1, 8, 40])(
  'books that are damaged under a running program throw at nobody but the ledger’s writer, and say it (from page %i)',
  (from) => {
    const { ledger, state, decisions, equity, alerts, outbox, forget, faults, retry, whenever } = running();
    damage(from);
    const failed: unknown[] = [];
    for (let number = 300; number < 700; number += 1) {
      try {
        ledger.appendFill(fillOf(`t${number}`, 'a'));
      } catch (error) {
        failed.push(error);
      }
    }
    expect(failed.length).toBeGreaterThan(0);
    for (const error of failed) expect(error).toBeInstanceOf(LedgerError);
    expect(String(failed[0])).toMatch(
      /the order ledger cannot be written: .*(malformed|not a database|disk)/,
    );
    for (let number = 0; number < 50; number += 1) {
      state.write(`document ${number}`, `y${number}`);
      expect(state.read(`document ${number}`)).toBe(`y${number}`);
    }
    equity.append({ time: 1, equity: '1', capital: null });
    alerts.append(alertRecord('a'));
    decisions.forgetHeld(1);
    whenever(() => outbox.confirm([1]));
    forget({ ...{ heldDecisions: 9, llmCalls: null, predictions: 9 }, alerts: 9, fineEquity: 9 });
    retry();
    expect(faults().join()).toMatch(/damaged/);
  },
);

test('the next start refuses them with the way out', () => {
  running();
  damage(8);
  stores?.close();
  expect(() => requireWhole(join(folder, 'demo.sqlite'))).toThrow(
    /damaged.*restore a backup with tradebot db restore FILE, or move it away/,
  );
});
