import * as z from 'zod';
import { Refusal } from '../../orders/refusal.ts';
import { codeOf } from '../../rest/answer.ts';
import { checkSigned } from '../../rest/signing.ts';
import type { StreamConnection } from '../../streams/stream-connection.ts';
import type { World } from '../../world.ts';
import { spotWords } from './words.ts';

const Request = z.object({
  id: z.union([z.string(), z.number()]),
  method: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

type Parameters = NonNullable<z.infer<typeof Request>['params']>;

const ROUTE = 'WS userDataStream.subscribe.signature';

/** User streams of the WebSocket API: subscribed to by a signed request, ended by the venue when it likes. */
export class UserStreams {
  readonly #world: World;
  readonly #serverTime: () => number;
  readonly #connections = new Set<StreamConnection>();
  #subscriptions = 0;

  constructor(world: World, serverTime: () => number) {
    this.#world = world;
    this.#serverTime = serverTime;
  }

  receive(connection: StreamConnection, message: unknown): void {
    const asked = Request.safeParse(message);
    if (!asked.success) {
      connection.send({ id: null, status: 400, error: { code: -1135, msg: 'Invalid JSON Request' } });
      return;
    }
    const { id, method, params = {} } = asked.data;
    try {
      connection.send({ id, status: 200, result: this.#result(connection, method, params), rateLimits: [] });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const words = spotWords(error.reason, error.detail, ROUTE);
      connection.send({ id, status: words.status, error: codeOf(words), rateLimits: [] });
    }
  }

  expire(account: string): void {
    for (const connection of this.#connections) {
      if (connection.user?.account !== account) continue;
      connection.send(connection.user.wrap({ e: 'eventStreamTerminated', E: this.#world.clock.now() }));
      connection.user = null;
      this.#connections.delete(connection);
    }
  }

  #result(connection: StreamConnection, method: string, params: Parameters): unknown {
    if (method === 'ping') return {};
    if (method === 'time') return { serverTime: this.#serverTime() };
    if (method !== 'userDataStream.subscribe.signature') throw new Refusal('unknown-path', method);
    const text = (name: string): string | undefined => params[name]?.toString();
    const parts = {
      ...{ apiKey: text('apiKey'), signed: signedText(params), signature: text('signature') },
      ...{ timestamp: text('timestamp'), receiveWindow: text('recvWindow') },
    };
    const account = checkSigned(this.#world.accounts.values(), parts, this.#serverTime());
    const subscriptionId = this.#subscriptions;
    this.#subscriptions += 1;
    connection.user = { account: account.name, wrap: (event) => ({ subscriptionId, event }) };
    this.#connections.add(connection);
    return { subscriptionId };
  }
}

/** The parameters by name, as they were signed. */
const signedText = (params: Parameters): string =>
  Object.keys(params)
    .filter((name) => name !== 'signature')
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join('&');
