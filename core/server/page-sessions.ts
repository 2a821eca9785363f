import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock, Logger } from '../domain/index.ts';
import { writeWhole } from '../platform/index.ts';
import { readPrivateFile } from './private-file.ts';
import { digestOf, freshSecret } from './secret-digest.ts';

const FILE = 'sessions.json';
const SESSION_LIMIT = 100;
const DAY_MS = 86_400_000;
const SESSION_MS = 30 * DAY_MS;
const LOGIN_TOKEN_MS = DAY_MS;

const SessionSchema = z.object({ cookie: z.string(), key: z.string(), endsAt: z.number().int() });
const FileSchema = z.object({
  instance: z.string().regex(/^[0-9a-f]{16}$/),
  sessions: z.array(SessionSchema).max(SESSION_LIMIT),
});
type Session = z.infer<typeof SessionSchema>;

/** The two halves of a session. A browser keeps the cookie for the whole machine, the key for this page's port alone. */
export interface SessionSecrets {
  readonly cookie: string;
  readonly key: string;
}

/** The halves that a request brought. */
export interface SessionHalves {
  readonly cookie: string | undefined;
  readonly key: string | undefined;
}

/**
 * The browsers that brought a one-time token, over restarts, for 30 days each. A browser sends a cookie to whatever
 * listens on the loopback address, at any port: alone it is worth nothing. Only digests are on the disk.
 */
export class PageSessions {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #instance: string;
  readonly #loginTokens = new Map<string, number>();
  readonly #sessions: Map<string, Session>;

  constructor(dataDirectory: string, clock: Clock, log: Logger) {
    this.#path = join(dataDirectory, FILE);
    this.#clock = clock;
    this.#log = log;
    const kept = this.#read();
    this.#instance = kept?.instance ?? randomBytes(8).toString('hex');
    this.#sessions = new Map(kept?.sessions.map((session) => [session.cookie, session]));
    if (kept === undefined) this.#write();
  }

  /** The cookie's name: two programs on one machine do not log each other's browsers out. */
  get cookieName(): string {
    return `tradebot_${this.#instance}`;
  }

  /** A fresh token for one login, within a day. */
  issueLoginToken(): string {
    const token = freshSecret();
    const now = this.#clock.now();
    for (const [known, endsAt] of this.#loginTokens) if (endsAt <= now) this.#loginTokens.delete(known);
    this.#loginTokens.set(digestOf(token), now + LOGIN_TOKEN_MS);
    const [oldest] = this.#loginTokens.keys();
    if (this.#loginTokens.size > SESSION_LIMIT && oldest !== undefined) this.#loginTokens.delete(oldest);
    return token;
  }

  /** A session for a login token, which is then spent; undefined when it is wrong, too old or was used before. */
  login(token: string): SessionSecrets | undefined {
    const known = digestOf(token);
    const endsAt = this.#loginTokens.get(known);
    this.#loginTokens.delete(known);
    const now = this.#clock.now();
    if (endsAt === undefined || endsAt <= now) return undefined;
    const secrets = { cookie: freshSecret(), key: freshSecret() };
    const cookie = digestOf(secrets.cookie);
    for (const [other, session] of this.#sessions) if (session.endsAt <= now) this.#sessions.delete(other);
    this.#sessions.set(cookie, { cookie, key: digestOf(secrets.key), endsAt: now + SESSION_MS });
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > SESSION_LIMIT && oldest !== undefined) this.#sessions.delete(oldest);
    this.#write();
    return secrets;
  }

  /** Ends a session for good. @returns by what its connections are known; undefined when there was none. */
  logout(halves: SessionHalves): string | undefined {
    const session = this.sessionOf(halves);
    if (session === undefined) return undefined;
    this.#sessions.delete(session);
    this.#write();
    return session;
  }

  /** By what the connections of a session are known; undefined unless both halves belong together and hold. */
  sessionOf({ cookie, key }: SessionHalves): string | undefined {
    if (cookie === undefined || key === undefined) return undefined;
    const session = this.#sessions.get(digestOf(cookie));
    if (session === undefined || session.key !== digestOf(key)) return undefined;
    return session.endsAt > this.#clock.now() ? session.cookie : undefined;
  }

  #read(): z.infer<typeof FileSchema> | undefined {
    try {
      const text = readPrivateFile(this.#path);
      return text === undefined ? undefined : FileSchema.parse(JSON.parse(text));
    } catch (error) {
      this.#log.warn({ err: error }, `${FILE} cannot be read: every browser has to log in again`);
      return undefined;
    }
  }

  #write(): void {
    const sessions = [...this.#sessions.values()];
    try {
      writeWhole(this.#path, JSON.stringify({ instance: this.#instance, sessions }));
    } catch (error) {
      this.#log.warn(
        { err: error },
        `${FILE} cannot be written: browsers have to log in again after a restart`,
      );
    }
  }
}
