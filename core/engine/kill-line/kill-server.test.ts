import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../domain/index.ts';
import type { Release } from './kill-answers.ts';
import { createKillServer, type KillServerLimits } from './kill-server.ts';
import { killPath, killSignature, SIGNATURE_HEADER, TIMESTAMP_HEADER } from './signature.ts';
import { SignedRequests } from './signed-requests.ts';

const SECRET = 'a secret of thirty-two characters';
const NOON = 1_704_110_400_000;

let directory: string;
const closers: (() => void)[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kill-server-'));
});
afterEach(() => {
  for (const close of closers.splice(0)) close();
  rmSync(directory, { recursive: true, force: true });
});

interface Given {
  readonly limits?: Partial<KillServerLimits>;
  readonly release?: () => Promise<Release>;
  readonly engage?: () => boolean;
}

async function listening({
  limits = {},
  release = async () => ({ ok: true }),
  engage = () => true,
}: Given = {}) {
  const done: string[] = [];
  const server = createKillServer({
    signed: new SignedRequests({ directory, secret: SECRET, clock: new ManualClock(NOON) }),
    deeds: {
      engage: () => {
        done.push('engage');
        return engage();
      },
      release: async () => {
        done.push('release');
        return release();
      },
    },
    limits,
  });
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // It listens on a port.
  const { port } = server.address() as AddressInfo;
  return { port, done };
}

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function ask(
  port: number,
  { method = 'POST', path = killPath('activate'), headers = {}, body }: Asked = {},
) {
  return new Promise<{ status: number; text: string; connection: string }>((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, connection: String(response.headers.connection) }),
      );
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

function signed(action: 'activate' | 'deactivate' = 'activate', time = NOON): Record<string, string> {
  return { [TIMESTAMP_HEADER]: String(time), [SIGNATURE_HEADER]: killSignature(SECRET, action, time) };
}

/** A connection that sends what it is told, and how it ended. */
function dial(port: number, text: string): { readonly socket: Socket; readonly ended: Promise<void> } {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  closers.push(() => socket.destroy());
  socket.write(text);
  // What is not read is never seen to end.
  socket.resume();
  return { socket, ended: new Promise((resolve) => socket.on('close', () => resolve())) };
}

describe('a signed request', () => {
  it('engages, says whether the latch is on disk, and ends its connection', async () => {
    const { port, done } = await listening({ engage: () => false });
    const answer = await ask(port, { headers: signed() });
    expect(answer).toEqual({ status: 200, text: '{"engaged":true,"durable":false}', connection: 'close' });
    expect(done).toEqual(['engage']);
  });

  it('with a small body, which nobody reads, does the same', async () => {
    const { port, done } = await listening();
    expect(await ask(port, { headers: signed(), body: '{}' })).toMatchObject({ status: 200 });
    expect(done).toEqual(['engage']);
  });

  it('releases where the program lets it', async () => {
    const { port, done } = await listening();
    const asked = { path: killPath('deactivate'), headers: signed('deactivate') };
    expect(await ask(port, asked)).toMatchObject({ status: 200, text: '{"engaged":false}' });
    expect(done).toEqual(['release']);
  });

  it.each([
    ['CONFLICT', 409],
    ['UNAVAILABLE', 503],
  ] as const)('that the program does not let release is told why: %s', async (code, status) => {
    const { port } = await listening({ release: async () => ({ ok: false, code, message: 'not now' }) });
    const answer = await ask(port, { path: killPath('deactivate'), headers: signed('deactivate') });
    expect(answer).toMatchObject({ status, text: JSON.stringify({ error: { code, message: 'not now' } }) });
  });

  it('that breaks something is told so without what it was', async () => {
    const { port } = await listening({
      engage: () => {
        throw new Error('a bug with /a/path in it');
      },
    });
    const { status, text } = await ask(port, { headers: signed() });
    expect(status).toBe(500);
    expect(text).not.toContain('/a/path');
  });

  it('that cannot be noted as used engages, and releases nothing', async () => {
    writeFileSync(join(directory, 'kill-switch-signatures'), '');
    const { port, done } = await listening();
    expect(await ask(port, { headers: signed() })).toMatchObject({ status: 200 });
    const released = await ask(port, { path: killPath('deactivate'), headers: signed('deactivate') });
    expect(released).toMatchObject({ status: 503 });
    expect(done).toEqual(['engage']);
  });
});

describe('what is answered with 401, and changes nothing', () => {
  const { [TIMESTAMP_HEADER]: timestamp = '', [SIGNATURE_HEADER]: signature = '' } = signed();
  it.each<[string, Record<string, string>]>([
    ['nothing signed', {}],
    ['a wrong signature', { ...signed(), [SIGNATURE_HEADER]: '0'.repeat(64) }],
    ['a malformed signature', { ...signed(), [SIGNATURE_HEADER]: 'secret-of-mine' }],
    ['a malformed time', { ...signed(), [TIMESTAMP_HEADER]: 'noon' }],
    ['a stale one', signed('activate', NOON - 30_001)],
    ['one of the future', signed('activate', NOON + 30_001)],
    ['one for another action', signed('deactivate')],
    ['one with its headers in each other', { [TIMESTAMP_HEADER]: signature, [SIGNATURE_HEADER]: timestamp }],
  ])('%s', async (_name, headers) => {
    const { port, done } = await listening();
    const { status, text } = await ask(port, { headers });
    expect(status).toBe(401);
    expect(done).toEqual([]);
    for (const sent of Object.values(headers)) expect(text).not.toContain(sent);
  });

  it('a replayed one, also when it comes twice at once', async () => {
    const { port, done } = await listening();
    const headers = signed();
    const answers = await Promise.all([ask(port, { headers }), ask(port, { headers })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await ask(port, { headers })).status).toBe(401);
    expect(done).toEqual(['engage']);
  });

  it('says the same of each', async () => {
    const { port } = await listening();
    const faults = [{}, { ...signed(), [SIGNATURE_HEADER]: 'x' }, signed('activate', 1_000_000_000_000)];
    const texts = new Set<string>();
    for (const headers of faults) texts.add((await ask(port, { headers })).text);
    expect(texts.size).toBe(1);
  });
});

describe('anybody on this machine', () => {
  it.each<[string, Asked, number]>([
    ['finds nothing else here', { path: '/api/v1/status', headers: signed() }, 404],
    [
      'finds nothing under a path with more to it',
      { path: `${killPath('activate')}?x`, headers: signed() },
      404,
    ],
    ['cannot get it done by looking', { method: 'GET', headers: signed() }, 405],
    ['cannot send a large body', { headers: { ...signed(), 'content-length': '1000000' } }, 413],
    ['cannot send a body without an end', { headers: { ...signed(), 'transfer-encoding': 'chunked' } }, 413],
    [
      'cannot ask to send one',
      { headers: { ...signed(), expect: '100-continue', 'content-length': '9999' } },
      413,
    ],
  ])('%s', async (_name, asked, status) => {
    const { port, done } = await listening();
    expect((await ask(port, asked)).status).toBe(status);
    expect(done).toEqual([]);
  });

  it('is cut off with headers that are too long, or no HTTP', async () => {
    const { port, done } = await listening();
    const long = dial(
      port,
      `POST ${killPath('activate')} HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(10_000)}\r\n\r\n`,
    );
    const noise = dial(port, 'noise\r\n\r\n');
    await Promise.all([long.ended, noise.ended]);
    expect(done).toEqual([]);
  });

  it('is cut off when the request does not come to its end', async () => {
    const { port, done } = await listening({ limits: { requestMs: 200 } });
    const head = `POST ${killPath('activate')} HTTP/1.1\r\nhost: x\r\n`;
    const halfHead = dial(port, head);
    const nothing = dial(port, '');
    const drip = setInterval(() => halfHead.socket.write('x: 1\r\n'), 20);
    closers.push(() => clearInterval(drip));
    await Promise.all([halfHead.ended, nothing.ended]);
    expect(done).toEqual([]);
  });

  it('is cut off after a while, whatever he does', async () => {
    const { port } = await listening({ limits: { requestMs: 60_000, connectionMs: 100 } });
    await dial(port, '').ended;
  });

  it('cannot keep others out with many connections: the oldest goes', async () => {
    const { port, done } = await listening({ limits: { connections: 3 } });
    const idle = Array.from({ length: 20 }, () => dial(port, ''));
    const answer = await ask(port, { headers: signed() });
    expect(answer.status).toBe(200);
    expect(done).toEqual(['engage']);
    await idle[0]?.ended;
  });
});
