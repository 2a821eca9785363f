import { VenueError } from '../../../domain/index.ts';
import type { CcxtApi } from './ccxt-api.ts';

/** A socket of ccxt's, as far as its faults are mended here. */
interface Client {
  readonly url: string;
  readonly futures: Readonly<Record<string, Promise<unknown> | undefined>>;
  send(message: unknown): Promise<unknown>;
  reject(error: unknown, hash?: string): void;
  close(): unknown;
}

interface BinanceStreams {
  readonly urls: { api: { ws: { 'ws-api': { readonly spot: string } } } };
  readonly clients: Record<string, Client | undefined>;
  readonly options: Record<string, unknown>;
  client(url: string): Client;
  delay(ms: number, method: unknown, ...args: readonly unknown[]): void;
  spawn(method: unknown, ...args: readonly unknown[]): unknown;
  ensureUserDataStreamWsSubscribeSignature(market?: string): Promise<void>;
  handleEventStreamTerminated(client: Client, message: unknown): void;
  handleMessage(client: Client, message: unknown): unknown;
}

/**
 * ccxt does not wait for what it sends to subscribe with: where the socket has closed meanwhile, that would be an
 * unhandled rejection, which ends the process. Whoever waits for the stream is told by the closing itself.
 */
export function hearFailedSends(api: CcxtApi): void {
  const streams = inside(api);
  const cured = new WeakSet<Client>();
  const clientOf = streams.client.bind(api);
  streams.client = (url) => {
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

/**
 * What ccxt plans for later, to keep a stream's key alive, say, outlives its closing by twenty minutes: the program would
 * not end before.
 */
export function endWithProgram(api: CcxtApi): void {
  const streams = inside(api);
  streams.delay = (ms, method, ...args) => {
    setTimeout(() => streams.spawn(method, ...args), ms).unref();
  };
}

const ENDED = new VenueError('unavailable', 'the venue has ended the stream of the account');

/**
 * What ccxt's classes do wrong with a user stream, by class: it goes deaf when the venue ends it, and failures that
 * nobody waits for end the process.
 */
export const STREAM_CURES: Readonly<Record<string, (api: CcxtApi) => void>> = {
  binance(api) {
    const streams = inside(api);
    const subscribe = streams.ensureUserDataStreamWsSubscribeSignature.bind(api);
    streams.ensureUserDataStreamWsSubscribeSignature = (market = 'spot') => {
      const subscribed = subscribe(market);
      // It fails besides what is answered: unheard, that would be an unhandled rejection.
      streams
        .client(streams.urls.api.ws['ws-api'].spot)
        .futures[`authenticate:signature:${market}`]?.catch(() => undefined);
      return subscribed;
    };
    const terminated = streams.handleEventStreamTerminated.bind(api);
    streams.handleEventStreamTerminated = (client, message) => {
      terminated(client, message);
      // Everybody who waits asks again, and is subscribed again.
      client.reject(ENDED);
    };
  },

  binanceusdm(api) {
    const streams = inside(api);
    const handle = streams.handleMessage.bind(api);
    streams.handleMessage = (client, message) => {
      if (!isExpiry(message)) return handle(client, message);
      // The key is dead and ccxt would use it for twenty more minutes.
      streams.options['future'] = {};
      delete streams.clients[client.url];
      client.reject(ENDED);
      return client.close();
    };
  },
};

function isExpiry(message: unknown): boolean {
  return (
    typeof message === 'object' && message !== null && 'e' in message && message.e === 'listenKeyExpired'
  );
}

// What is mended is not in ccxt's published interface: these are its own methods, called on itself.
const inside = (api: CcxtApi): BinanceStreams => api as unknown as BinanceStreams;
