import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { type AccountEvent, accountOf } from '../accounts/account-events.ts';
import type { Dialect, StreamFrame } from '../dialects/dialect.ts';
import type { MarketEvent, VenueMarket } from '../market/venue-market.ts';
import type { World } from '../world.ts';
import { StreamConnection } from './stream-connection.ts';
import { UserEventLine } from './user-event-line.ts';

const TICK_MS = 1_000;

/** Every open socket, and what is said on them. */
export class StreamHub {
  readonly connections = new Set<StreamConnection>();
  readonly #server = new WebSocketServer({ noServer: true, autoPong: false });
  readonly #world: World;
  readonly #dialect: Dialect;
  readonly #line: UserEventLine;

  constructor(world: World, dialect: Dialect) {
    this.#world = world;
    this.#dialect = dialect;
    this.#line = new UserEventLine(world.clock, world.faults, (account, event) =>
      this.#toUser(account, event),
    );
    for (const market of world.markets.values()) market.subscribe((event) => this.#market(market, event));
    world.clock.every(TICK_MS, () => {
      const wanted = [...new Set([...this.connections].flatMap(({ streams }) => [...streams]))];
      if (wanted.length === 0) return;
      for (const market of world.markets.values()) this.#publish(dialect.ticks(market, wanted));
    });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (client) => {
      const connection = new StreamConnection(client, request.url ?? '');
      // An error of a socket ends it, and its end is heard below.
      client.on('error', () => client.terminate());
      client.on('close', () => this.connections.delete(connection));
      client.on('ping', (data: Buffer) => connection.pong(data));
      client.on('message', (data: Buffer) => {
        if (!connection.silent) this.#dialect.receive(connection, parsed(data.toString()));
      });
      if (this.#dialect.connect(connection)) this.connections.add(connection);
      else client.close(1008, 'no such path');
    });
  }

  user(event: AccountEvent): void {
    const message = this.#dialect.userEvent(event);
    if (message !== null) this.#line.say(accountOf(event), message);
  }

  /** Resolves when whoever listens has read all that was said. */
  async heard(): Promise<void> {
    await Promise.all([...this.connections].map((connection) => connection.heard()));
  }

  drop(on: string): void {
    for (const connection of this.connections) if (connection.path.includes(on)) connection.drop();
  }

  garble(on: string): void {
    for (const connection of this.connections)
      if (connection.path.includes(on)) connection.sendRaw('{"e":"executionRep');
  }

  /** @returns what lets them speak again. */
  silence(on: string): () => void {
    const silenced = [...this.connections].filter((connection) => connection.path.includes(on));
    for (const connection of silenced) connection.silent = true;
    return () => {
      for (const connection of silenced) connection.silent = false;
    };
  }

  close(): void {
    this.drop('');
    this.#server.close();
  }

  #market(market: VenueMarket, event: MarketEvent): void {
    if (this.connections.size === 0) return;
    const isMissing =
      event.kind === 'depth' &&
      this.#world.faults.strike('missing-depth-update', market.symbol.id) !== undefined;
    if (isMissing) return;
    const wanted = (stream: string): boolean =>
      [...this.connections].some(({ streams }) => streams.has(stream));
    this.#publish(this.#dialect.frames(market, event, wanted));
  }

  #publish(frames: readonly StreamFrame[]): void {
    for (const frame of frames)
      for (const connection of this.connections)
        if (connection.streams.has(frame.stream)) connection.send(connection.isCombined ? frame : frame.data);
  }

  #toUser(account: string, event: unknown): void {
    for (const connection of this.connections)
      if (connection.user?.account === account) connection.send(connection.user.wrap(event));
  }
}

/** Undefined where it is no JSON: dialects answer that as they answer what they do not know. */
function parsed(frame: string): unknown {
  try {
    return JSON.parse(frame);
  } catch {
    return undefined;
  }
}
