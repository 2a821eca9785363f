import type { HardenedCcxt } from '../../execution/index.ts';
import type { CandleLine } from '../../market/index.ts';

/** A socket of ccxt's. */
interface Client {
  send(message: unknown): Promise<unknown>;
}

interface WithSockets {
  client(url: string): Client;
}

/** An instance as candles are asked of it. */
export function candleLineOf({ api, calls }: HardenedCcxt): CandleLine {
  // Every ccxt class has the calls about candles; the interface that execution keeps names only what trading needs.
  const line = { api: api as unknown as CandleLine['api'] & WithSockets, calls };
  hearFailedSends(line.api);
  return line;
}

/**
 * ccxt does not wait for what it sends to subscribe with: where the socket has closed meanwhile, that would be an
 * unhandled rejection, which ends the process. Whoever waits for the stream is told by the closing itself.
 */
function hearFailedSends(api: WithSockets): void {
  const cured = new WeakSet<Client>();
  const clientOf = api.client.bind(api);
  api.client = (url) => {
    const client = clientOf(url);
    if (cured.has(client)) return client;
    cured.add(client);
    const send = client.send.bind(client);
    client.send = (message) => {
      const sent = send(message);
      sent.catch(() => undefined);
      return sent;
    };
    return client;
  };
}
