import type { Settings } from '../../contract/index.ts';
import { TraderError, VenueError } from '../../domain/index.ts';
import { exchangeSecret } from '../installation/secrets.ts';

type Place = Pick<Settings, 'mode' | 'exchange'>;

/** How node and OpenSSL say that a line is not secure. */
const NOT_SECURE = /certificate|self.signed|altname|\bSSL\b|\bTLS\b|EPROTO/i;

/**
 * What kept a venue from being opened, in one line with what to do. Anything but a venue's failure comes back as it is.
 *
 * @param credentials what was shown to it, by ccxt's names.
 */
export function openingFault(
  error: unknown,
  { mode, exchange }: Place,
  credentials: readonly string[] = ['apiKey', 'secret'],
): unknown {
  if (!(error instanceof VenueError)) return error;
  const { id, endpoint, proxy } = exchange;
  const { fault, message, retryAfterMs } = error;
  const told = (kind: TraderError['kind'], line: string) => new TraderError(kind, line, { cause: error });
  if (fault === 'unauthorised') {
    const names = credentials.map((name) => exchangeSecret(id, name)).join(' and ');
    const where = mode === 'sandbox' && endpoint === null ? ', that it is one of the test network' : '';
    return told(
      'bad-input',
      `${id} does not take the key (${message}): check ${names}${where}, that it may read and trade, and that it is allowed from this machine's address`,
    );
  }
  if (fault === 'rate-limited') {
    const seconds = Math.ceil((retryAfterMs ?? 60_000) / 1_000);
    return told('failure', `${id} wants to be left alone (${message}): start again in ${seconds} s`);
  }
  if (NOT_SECURE.test(message)) {
    return told(
      'failure',
      `the line to ${id} is not secure (${message}): check the address, this machine's clock, and whether a proxy or a program reads along`,
    );
  }
  if (proxy !== null) {
    return told(
      'bad-input',
      `${id} cannot be had through exchange.proxy at ${new URL(proxy).host} (${message}): check the proxy`,
    );
  }
  if (endpoint !== null) {
    return told(
      'bad-input',
      `exchange.endpoint: at ${new URL(endpoint.rest).origin} nobody answers as ${id} does (${message}): check the address`,
    );
  }
  return told('failure', `${id} cannot be had (${message}): check this machine's connection and try again`);
}
