import type { Link } from './link.ts';
import type { MirrorSource } from './session.ts';
import { ReplacedError, type Sender } from './upsert.ts';

interface Known {
  readonly home: string;
  readonly turn: string;
  readonly told: string;
}

/**
 * Whom the books speak to, and who they are there. Each meeting gives the server a number that the books keep, so that
 * books that are older than they were are found out, and books that were copied: those go on under a name of their own.
 *
 * @param home a digest of the machine and of the place there.
 */
export async function meet(link: Link, { outbox, account }: MirrorSource, home: string): Promise<Sender> {
  const server = await link.use(async (client) => {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM tradebot_server');
    if (rows[0] === undefined) throw new Error('the server’s table tradebot_server is empty');
    return rows[0].id;
  });
  const before = await seen(link, outbox.state.instance);
  const isOurs = before === undefined || isKnown(before.turn, outbox.state);
  // Older than a server that keeps homes: those were ours.
  const isCopy = before !== undefined && !isOurs && before.home !== '' && before.home !== home;
  if (isCopy) outbox.takeNewName();
  const known = isCopy ? undefined : before;
  const turn = outbox.announceTurn();
  const { instance } = outbox.state;
  const { rowCount } = await link.use((client) =>
    client.query(
      `INSERT INTO tradebot_instances AS i (instance, account, home, turn) VALUES ($1, $2, $3, $4)
        ON CONFLICT (instance) DO UPDATE SET account = $2, home = $3, turn = $4 WHERE i.turn = $5`,
      [instance, account, home, turn, known?.turn ?? null],
    ),
  );
  if (rowCount !== 1) throw new ReplacedError('another program has just begun to speak for these books');
  const newest = Number(known?.told ?? 0);
  outbox.meet({ server, newest, turn, isStrange: known === undefined || !isOurs });
  return { instance, account, turn };
}

async function seen(link: Link, instance: string): Promise<Known | undefined> {
  const { rows } = await link.use((client) =>
    client.query<Known>('SELECT home, turn, told FROM tradebot_instances WHERE instance = $1', [instance]),
  );
  return rows[0];
}

/** A program that ended between the two writes of a meeting left the announced one there. */
function isKnown(
  turn: string,
  ours: { readonly turn: string | null; readonly nextTurn: string | null },
): boolean {
  return turn === ours.turn || turn === ours.nextTurn;
}
