import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { TimescaleSync } from '../../core/storage/index.ts';
import { type EmbeddedServer, startEmbeddedServer } from './embedded-server.ts';
import type { mirroredBooks, Server } from './mirrored-books.ts';

type Books = ReturnType<typeof mirroredBooks>;

export interface ServerOfATest {
  /** The server, with a database that is new for each test. */
  readonly server: Server;
  readonly folder: string;
  /** Of the test within its file. */
  readonly number: number;
  /** Starts a mirror, which ends with the test. */
  start(books: Books, given?: Parameters<Books['mirror']>[0]): TimescaleSync;
  /** Ends what was started before the end of the test. */
  closeAll(): Promise<void>;
}

/** A PostgreSQL for the tests of a file, each of which has a database of its own there. */
export function serverOfATest(name: string): ServerOfATest {
  let embedded: EmbeddedServer | undefined;
  let number = 0;
  const running: TimescaleSync[] = [];
  const started = (): EmbeddedServer => {
    if (embedded === undefined) throw new Error('the server is there from the first test on');
    return embedded;
  };
  const closeAll = async (): Promise<void> => {
    for (const each of running.splice(0)) await each.close();
  };
  const serverNow = (): Server => {
    const { port, user, password } = started();
    return { port, user, password, database: `${name}${number}` };
  };
  beforeAll(async () => {
    embedded = await startEmbeddedServer();
  });
  afterAll(() => embedded?.stop());
  beforeEach(async () => {
    number += 1;
    await started().postgres.createDatabase(serverNow().database);
  });
  afterEach(closeAll);
  return {
    get server() {
      return serverNow();
    },
    get folder() {
      return started().folder;
    },
    get number() {
      return number;
    },
    start(books, given = {}) {
      const sync = books.mirror(given);
      running.push(sync);
      return sync;
    },
    closeAll,
  };
}
