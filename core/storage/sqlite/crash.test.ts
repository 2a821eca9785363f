import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { clientOrderId, isFinal, SeededRandom, text } from '../../domain/index.ts';
import { openDataDirectory, SqliteOrderLedger } from '../index.ts';
import { killAndCompare } from '../testing/kill-and-compare.ts';
import { runAndKill } from '../testing/killed-process.ts';
import { temporaryDatabases } from '../testing/temporary-databases.ts';

const WRITER = fileURLToPath(new URL('../testing/ledger-writer.ts', import.meta.url));
/** What is written for an order, in turn. */
const STEPS = ['INTENT', 'SENT', 'OPEN', 'fill', 'FILLED'];

const { folder, open } = temporaryDatabases();

describe('after a SIGKILL', () => {
  test.each([2, 4, 5, 6, 23, 250])(
    '#7 every write that had returned is in the ledger, and no half of the next (killed after %i lines)',
    async (afterLines) => {
      const directory = folder();
      const { lines } = await runAndKill(WRITER, [directory], afterLines);
      const acknowledged = lines.slice(1);
      const database = open(join(directory, 'demo.sqlite'));
      const ledger = new SqliteOrderLedger(database);

      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      const written = database
        .prepare(
          `SELECT (SELECT count(*) FROM order_intents) + (SELECT count(*) FROM order_events) +
            (SELECT count(*) FROM fills)`,
        )
        .pluck()
        .get();
      // One write may have reached the disk without its line having been printed.
      expect([acknowledged.length, acknowledged.length + 1]).toContain(written);

      for (let index = 0; index < Number(written); index += 1) {
        const order = ledger.order(clientOrderId(`o${Math.floor(index / STEPS.length)}`));
        expect(order).toBeDefined();
      }
      const last = ledger.recentOrders({ limit: 1 })[0];
      const step = STEPS[(Number(written) - 1) % STEPS.length];
      expect(last?.status).toBe(step === 'fill' ? 'OPEN' : step);
      expect(last && text(last.filledAmount)).toBe(step === 'fill' || step === 'FILLED' ? '0.5' : '0');
      expect(ledger.unfinishedOrders()).toEqual(last !== undefined && !isFinal(last.status) ? [last] : []);
    },
  );

  test('at any point the trade history, its outbox and the ledger agree', async () => {
    const random = new SeededRandom(12);
    const wrong: string[] = [];
    for (let life = 0; life < 20; life += 1) {
      wrong.push(...(await killAndCompare(2 + Math.floor(random.next() * 60))));
    }
    expect(wrong).toEqual([]);
  });

  test('the data directory is free again, while before it was refused with who holds it', async () => {
    const directory = folder();
    const refusals: string[] = [];
    const { lines, pid } = await runAndKill(WRITER, [directory], 1, () => {
      try {
        openDataDirectory(directory).close();
      } catch (error) {
        refusals.push(String(error));
      }
    });
    expect(lines[0]).toBe('locked');
    const holder = `process ${pid} since \\d{4}-\\d\\d-\\d\\dT.*`;
    expect(refusals).toEqual([
      expect.stringMatching(new RegExp(`in use by another engine \\(${holder}\\): stop it, or choose`)),
    ]);
    openDataDirectory(directory).close();
  });
});
