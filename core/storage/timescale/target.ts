import type { PoolConfig } from 'pg';
import { TraderError } from '../../domain/index.ts';

/** Connections at most. */
const POOL = 5;
const TIMEOUT_MS = 10_000;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/;

/**
 * How a server is reached: `postgres://USER@HOST:PORT/DATABASE`. It is spoken to by TLS with a certificate that can be
 * checked; `?sslmode=disable` leaves it out, as does this machine itself.
 *
 * @throws TraderError for what is no such address. The password is never in it.
 */
export function targetOf(address: string, password: string | undefined): PoolConfig {
  const url = new URL(address);
  if (!/^postgres(ql)?:$/.test(url.protocol)) {
    throw new TraderError('bad-input', 'timescale.url must begin with postgres://');
  }
  const mode = url.searchParams.get('sslmode');
  const foreign = [...url.searchParams.keys()].find((name) => name !== 'sslmode');
  if (foreign !== undefined) {
    throw new TraderError('bad-input', `timescale.url has ${foreign}= in it: only sslmode= is known there`);
  }
  const plain = mode === 'disable' || (mode === null && LOOPBACK.test(url.hostname));
  return {
    host: url.hostname.replaceAll(/[[\]]/g, ''),
    port: url.port === '' ? 5432 : Number(url.port),
    user: decodeURIComponent(url.username) || 'tradebot',
    database: decodeURIComponent(url.pathname.slice(1)) || 'tradebot',
    ...(password === undefined ? {} : { password }),
    ssl: plain ? false : { rejectUnauthorized: true },
    max: POOL,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: 60_000,
    application_name: 'tradebot',
  };
}
