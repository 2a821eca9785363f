import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SCOPES, type Scope } from '../contract/index.ts';
import { type Clock, TraderError, type UtcMs } from '../domain/index.ts';
import { writeWhole } from '../platform/index.ts';
import { readPrivateFile } from './private-file.ts';
import { digestOf, freshSecret } from './secret-digest.ts';

const FILE = 'api-tokens.json';
const TOKEN_LIMIT = 100;
const DAY_MS = 86_400_000;

const TokenSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{8}$/),
  name: z.string().min(1).max(60),
  scopes: z.array(z.enum(SCOPES)).min(1),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.number().int(),
  endsAt: z.number().int(),
});
const FileSchema = z.array(TokenSchema).max(TOKEN_LIMIT);

/** A token as it is listed: everything but itself. */
export type ApiToken = Readonly<z.infer<typeof TokenSchema>>;

/** The tokens that the trader has made for other programs, in a file that only the owner reads; digests only. */
export class ApiTokens {
  readonly #path: string;
  readonly #clock: Clock;
  #read: { readonly stamp: string; readonly tokens: readonly ApiToken[] } | undefined;

  constructor(dataDirectory: string, clock: Clock) {
    this.#path = join(dataDirectory, FILE);
    this.#clock = clock;
  }

  /** @throws TraderError when the file is damaged. */
  list(): readonly ApiToken[] {
    const stamp = this.#stamp();
    if (this.#read?.stamp !== stamp) this.#read = { stamp, tokens: this.#load() };
    return this.#read.tokens;
  }

  /** What the bearer of a token may do; undefined when it is unknown, was revoked or has ended. */
  scopesOf(token: string): ReadonlySet<Scope> | undefined {
    const digest = digestOf(token);
    const known = this.list().find((each) => each.digest === digest);
    return known !== undefined && known.endsAt > this.#clock.now() ? new Set(known.scopes) : undefined;
  }

  /** Makes one. @returns it, which nobody can show again. @throws TraderError when there are 100 already. */
  make(
    name: string,
    scopes: readonly Scope[],
    days: number,
  ): { readonly secret: string; readonly token: ApiToken } {
    const now: UtcMs = this.#clock.now();
    const held = this.list().filter(({ endsAt }) => endsAt > now);
    if (held.length >= TOKEN_LIMIT) {
      throw new TraderError(
        'bad-input',
        `there are ${TOKEN_LIMIT} tokens: revoke one with \`tradebot tokens revoke\``,
      );
    }
    const secret = freshSecret();
    const token = TokenSchema.parse({
      ...{ id: randomBytes(4).toString('hex'), name, scopes, digest: digestOf(secret) },
      ...{ createdAt: now, endsAt: now + days * DAY_MS },
    });
    writeWhole(this.#path, JSON.stringify([...held, token]));
    return { secret, token };
  }

  /** From now on a token opens nothing, in the running program too. @throws TraderError when there is no such token. */
  revoke(id: string): ApiToken {
    const tokens = this.list();
    const token = tokens.find((each) => each.id === id);
    if (token === undefined) {
      throw new TraderError(
        'bad-input',
        `there is no token ${id}: \`tradebot tokens list\` shows those there are`,
      );
    }
    writeWhole(this.#path, JSON.stringify(tokens.filter((each) => each !== token)));
    return token;
  }

  /** Changes with the file. */
  #stamp(): string {
    const file = statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    return file === undefined ? 'none' : `${file.ino} ${file.mtimeNs} ${file.size}`;
  }

  #load(): readonly ApiToken[] {
    const text = readPrivateFile(this.#path);
    if (text === undefined) return [];
    try {
      return FileSchema.parse(JSON.parse(text));
    } catch (error) {
      throw new TraderError('failure', `${this.#path} is damaged: delete it and make the tokens anew`, {
        cause: error,
      });
    }
  }
}
