import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TOKEN_BYTES = 32;
const API_TOKEN_FILE = 'api-token';
const SESSION_LIMIT = 100;

/** Name of the cookie that a one-time token becomes. */
export const SESSION_COOKIE = 'tradebot_session';

/**
 * Who may talk to the headless host: browsers that brought a one-time token, which becomes a session cookie,
 * and programs with the API token that only the file's owner can read. There is no default secret.
 */
export class Access {
  readonly #apiToken: string;
  readonly #loginTokens = new Set<string>();
  readonly #sessions = new Set<string>();

  constructor(dataDirectory: string) {
    this.#apiToken = readOrMakeApiToken(join(dataDirectory, API_TOKEN_FILE));
  }

  /** A fresh token for one login. */
  issueLoginToken(): string {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    this.#loginTokens.add(digest(token));
    return token;
  }

  /** A session for a login token, which is then spent; undefined when it is wrong or was used before. */
  login(token: string): string | undefined {
    if (!this.#loginTokens.delete(digest(token))) return undefined;
    const session = randomBytes(TOKEN_BYTES).toString('base64url');
    this.#sessions.add(digest(session));
    const [oldest] = this.#sessions;
    if (this.#sessions.size > SESSION_LIMIT && oldest !== undefined) this.#sessions.delete(oldest);
    return session;
  }

  logout(session: string): void {
    this.#sessions.delete(digest(session));
  }

  isSession(session: string | undefined): boolean {
    return session !== undefined && this.#sessions.has(digest(session));
  }

  /** Whether an `Authorization` header carries the API token. */
  isBearer(authorization: string | undefined): boolean {
    const [scheme, token] = (authorization ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || token === undefined) return false;
    return timingSafeEqual(Buffer.from(digest(token)), Buffer.from(digest(this.#apiToken)));
  }
}

/** Secrets are kept and compared as digests: look-ups by digest give nothing away through their timing. */
function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** The API token of a data directory; undefined when no host ever ran there. */
export function readApiToken(dataDirectory: string): string | undefined {
  try {
    return readFileSync(join(dataDirectory, API_TOKEN_FILE), 'utf8').trim();
  } catch {
    // Not there, or not ours to read.
    return undefined;
  }
}

function readOrMakeApiToken(path: string): string {
  try {
    // A file that was copied or unpacked may be readable by others.
    chmodSync(path, 0o600);
    const token = readFileSync(path, 'utf8').trim();
    if (token.length >= TOKEN_BYTES) return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  return token;
}

/** Loopback names under which a browser may reach the host; anything else smells of DNS rebinding. */
export function isAllowedHost(host: string | undefined, port: number): boolean {
  return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`].includes(host ?? '');
}

/** A request without Origin comes from a program; one with it must come from our own page. */
export function isAllowedOrigin(origin: string | undefined, port: number): boolean {
  if (origin === undefined) return true;
  return origin.startsWith('http://') && isAllowedHost(origin.slice('http://'.length), port);
}
