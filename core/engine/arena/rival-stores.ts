import { join } from 'node:path';
import { openDatabase } from '../../storage/index.ts';
import { type AccountStores, accountStores } from '../installation/stores.ts';

export type RivalStores = Omit<AccountStores, 'alerts' | 'predictions'>;

/**
 * Opens a rival's own database: its paper ledger outlives a restart and meets nobody else's. No money is in it, and nothing
 * of the engine in use waits for the disk on its account. @throws StorageError
 */
export function openRivalStores(directory: string, owner: string, migrationsFolder?: string): RivalStores {
  return accountStores(
    openDatabase({
      file: join(directory, `${owner}.sqlite`),
      owner,
      rebuildable: true,
      ...(migrationsFolder === undefined ? {} : { migrationsFolder }),
    }),
  );
}
