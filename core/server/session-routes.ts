import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CallError } from '../contract/index.ts';
import { type Access, PAGE_KEY_HEADER } from './access.ts';

interface SessionRoutes {
  readonly access: Access;
  readonly loginUrl: () => string;
  /** A session has ended, by which its connections are known. */
  readonly onLogout: (session: string) => void;
  readonly port: () => number;
}

const NONCE = /^[\w-]{16,64}$/;

/** Logging in and out, a fresh link for another browser, and the proof that this is the host of its data directory. */
export function registerSessionRoutes(
  server: FastifyInstance,
  { access, loginUrl, onLogout, port }: SessionRoutes,
): void {
  const { sessions } = access;
  server.get('/api/v1/session', async ({ caller }) => {
    if (caller === undefined)
      throw new CallError('UNAUTHORIZED', 'log in with the URL that the program printed');
    return { loggedIn: true };
  });
  server.post('/api/v1/session', async (request, reply) => {
    const token = (request.body as { token?: unknown } | null | undefined)?.token;
    const session = typeof token === 'string' ? sessions.login(token) : undefined;
    if (session === undefined) {
      throw new CallError(
        'UNAUTHORIZED',
        'this link was used before or is wrong: `tradebot open` makes a new one',
      );
    }
    void reply.setCookie(sessions.cookieName, session.cookie, {
      httpOnly: true,
      sameSite: 'strict',
      path: '/',
    });
    return { loggedIn: true, key: session.key };
  });
  server.delete('/api/v1/session', async (request, reply) => {
    const ended = sessions.logout({ cookie: request.cookies[sessions.cookieName], key: keyOf(request) });
    if (ended !== undefined) onLogout(ended);
    void reply.clearCookie(sessions.cookieName, { path: '/' });
    return { loggedIn: false };
  });
  server.post('/api/v1/session/link', async ({ caller }) => {
    if (caller?.isOwner === true) return { url: loginUrl() };
    throw new CallError('UNAUTHORIZED', 'a login link needs the token in the data directory');
  });
  server.get('/api/v1/hello', async ({ query }) => {
    const { nonce } = query as { nonce?: unknown };
    if (typeof nonce !== 'string' || !NONCE.test(nonce)) {
      throw new CallError('BAD_REQUEST', 'nonce: 16 to 64 letters, digits, - and _');
    }
    return { proof: access.prove(nonce, port()) };
  });
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers[PAGE_KEY_HEADER];
  return typeof key === 'string' ? key : undefined;
}
