import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCOPES, type Scope } from '../contract/index.ts';
import type { Clock, Logger } from '../domain/index.ts';
import { writeWhole } from '../platform/index.ts';
import { ApiTokens } from './api-tokens.ts';
import { PageSessions } from './page-sessions.ts';
import { readPrivateFile } from './private-file.ts';
import { digestOf, freshSecret } from './secret-digest.ts';

const LEAST_TOKEN_LENGTH = 32;
const API_TOKEN_FILE = 'api-token';

/** The header with the half of a session that a browser keeps for this page's port alone. */
export const PAGE_KEY_HEADER = 'x-tradebot-key';

/** What a request brings to be known by. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly cookies: Readonly<Record<string, string | undefined>>;
  readonly key: string | undefined;
}

/** Who asks, and what they may do. */
export interface Caller {
  readonly scopes: ReadonlySet<Scope>;
  /** By which the connections of a browser are known; of no program. */
  readonly session?: string;
  /** It can read the data directory: the trader's own command line. */
  readonly isOwner: boolean;
}

/** With a token that the trader has made for it: neither his page nor his command line. */
export function isProgram({ isOwner, session }: Caller): boolean {
  return !isOwner && session === undefined;
}

const EVERYTHING: ReadonlySet<Scope> = new Set(SCOPES);

/**
 * Who may talk to the headless host: browsers that brought a one-time token, which becomes a session; the command
 * line, with the token that only the file's owner can read; and programs with a token that the trader has made for
 * them. There is no default secret.
 */
export class Access {
  readonly sessions: PageSessions;
  readonly #tokens: ApiTokens;
  readonly #ownToken: string;
  readonly #log: Logger;
  /** Said once: whoever brings a token asks again and again. */
  #areTokensUnreadable = false;

  /** @throws the system's error when the token of the command line cannot be read. */
  constructor(dataDirectory: string, clock: Clock, log: Logger) {
    this.sessions = new PageSessions(dataDirectory, clock, log);
    this.#tokens = new ApiTokens(dataDirectory, clock);
    this.#ownToken = readOrMakeOwnToken(join(dataDirectory, API_TOKEN_FILE));
    this.#log = log;
  }

  /** Undefined for whom nobody knows. */
  callerOf({ authorization, cookies, key }: Credentials): Caller | undefined {
    const session = this.sessions.sessionOf({ cookie: cookies[this.sessions.cookieName], key });
    if (session !== undefined) return { scopes: EVERYTHING, session, isOwner: false };
    const token = bearerToken(authorization);
    if (token === undefined) return undefined;
    if (isSame(token, this.#ownToken)) return { scopes: EVERYTHING, isOwner: true };
    const scopes = this.#scopesOf(token);
    return scopes === undefined ? undefined : { scopes, isOwner: false };
  }

  /** Proves to the command line that this is the host of its data directory, before it says its token. */
  prove(nonce: string, port: number): string {
    return proofOf(this.#ownToken, nonce, port);
  }

  #scopesOf(token: string): ReadonlySet<Scope> | undefined {
    try {
      const scopes = this.#tokens.scopesOf(token);
      this.#areTokensUnreadable = false;
      return scopes;
    } catch (error) {
      if (!this.#areTokensUnreadable)
        this.#log.warn({ err: error }, 'the tokens of other programs cannot be read: they open nothing');
      this.#areTokensUnreadable = true;
      return undefined;
    }
  }
}

/** What a host says that has the token of a data directory and listens on a port: none that only relays can say it. */
export function proofOf(ownToken: string, nonce: string, port: number): string {
  return createHmac('sha256', ownToken).update(`tradebot hello ${nonce} ${port}`).digest('hex');
}

/** The token of a data directory for the command line; undefined when no host ever ran there. */
export function readOwnToken(dataDirectory: string): string | undefined {
  try {
    const token = readFileSync(join(dataDirectory, API_TOKEN_FILE), 'utf8').trim();
    // With one that was cut off by a full disk anybody can prove to be the host.
    return token.length >= LEAST_TOKEN_LENGTH ? token : undefined;
  } catch {
    // Not there, or not ours to read.
    return undefined;
  }
}

/** Whether two secrets are equal, told in the same time whatever they are. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf(one)), Buffer.from(digestOf(other)));
}

function readOrMakeOwnToken(path: string): string {
  const kept = readPrivateFile(path)?.trim();
  if (kept !== undefined && kept.length >= LEAST_TOKEN_LENGTH) return kept;
  const token = freshSecret();
  writeWhole(path, `${token}\n`);
  return token;
}

function bearerToken(authorization: string | undefined): string | undefined {
  const [scheme, token] = (authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' ? token : undefined;
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
