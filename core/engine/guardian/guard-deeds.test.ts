import { expect, onTestFinished, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { SettingsSchema } from '../../contract/index.ts';
import { SILENT_LOGGER } from '../../domain/index.ts';
import { openDatabase, openDataDirectory, SqliteOrderLedger } from '../../storage/index.ts';
import { temporaryDatabases } from '../../storage/testing/temporary-databases.ts';
import { InstanceFile } from '../installation/instances.ts';
import { closeFor, lookAt } from './guard-deeds.ts';
import type { GuardedPlace } from './guardian-protocol.ts';

const { folder } = temporaryDatabases();

/** Books with a coin in them, on a directory that another program than the guarded one is noted on, which hangs or is gone. */
function place(): GuardedPlace {
  const [directory, runtimeFolder] = [folder(), `${folder()}/running`];
  const timers = new VirtualTimers();
  const file = new InstanceFile({
    ...{ directory, folder: runtimeFolder, mode: 'sandbox', host: 'headless' },
    ...{ clock: timers, timers, log: SILENT_LOGGER },
  });
  onTestFinished(() => file.close());
  const database = openDatabase({ file: `${directory}/sandbox.sqlite`, owner: 'sandbox' });
  const ledger = new SqliteOrderLedger(database);
  const { clientOrderId } = intentOf('sabcn1');
  ledger.appendIntent(intentOf('sabcn1'));
  ledger.appendEvent({ clientOrderId, status: 'SENT', at: 1 });
  ledger.appendFill(fillOf('t1', 'sabcn1'));
  ledger.appendEvent({ clientOrderId, status: 'FILLED', at: 2 });
  database.close();
  const settings = SettingsSchema.parse({ mode: 'sandbox' });
  return { directory, runtimeFolder, pid: process.pid + 1, settings, migrationsFolder: null };
}

test('a program that has taken the place of the guarded one relieves its guardian while it holds the directory', async () => {
  const guarded = place();
  const held = openDataDirectory(guarded.directory);
  onTestFinished(() => held.close());
  expect(await lookAt(guarded)).toBe('relieved');
  expect(await closeFor(guarded, new Map())).toBe('relieved');
});

test('a note that is left of another program relieves nobody: what is open is seen, and closed', async () => {
  const guarded = place();
  expect(await lookAt(guarded)).toBe('open');
  // Without keys.
  expect(await closeFor(guarded, new Map())).toBe('failed');
});
