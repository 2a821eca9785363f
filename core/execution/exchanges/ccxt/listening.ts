import type { CcxtApi } from './ccxt-api.ts';

interface Client {
  isOpen(): boolean;
  readonly futures: Readonly<Record<string, unknown>>;
}

/** Questions about the line itself: logging in, and what was asked for by number. */
const ABOUT_THE_LINE = /^authenticate|^\d+$/;

/** Whether ccxt has every socket that it wants, and nothing outstanding on one but news. */
export function isListening(api: CcxtApi): boolean {
  // Not in ccxt's published interface, and there in every class with sockets.
  const { clients = {} } = api as unknown as { readonly clients?: Readonly<Record<string, Client>> };
  // One without an address is where ccxt keeps what it is still asking for.
  const sockets = Object.entries(clients).filter(([url]) => url.startsWith('ws'));
  const isAsking = Object.values(clients).some(({ futures }) =>
    Object.keys(futures).some((hash) => ABOUT_THE_LINE.test(hash)),
  );
  return sockets.length > 0 && !isAsking && sockets.every(([, client]) => client.isOpen());
}
