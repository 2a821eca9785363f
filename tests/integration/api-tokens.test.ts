import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandResult, RunningProgram, temporaryFolder, tradebot, tradebotBeside } from './program.ts';

/** Other programs and other browsers at the running program, as the command line lets them in. */

const folder = temporaryFolder();
const other = temporaryFolder();
let program: RunningProgram;
beforeAll(async () => {
  program = await RunningProgram.start(folder.path, '--mode', 'demo', '--speed', '60');
});
afterAll(async () => {
  await program.stop();
  folder.remove();
  other.remove();
});

const onIt = (...args: readonly string[]): CommandResult => tradebot('--data-dir', folder.path, ...args);

async function ask(
  method: 'GET' | 'POST',
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const body = method === 'GET' ? {} : { body: '{}' };
  return fetch(`${program.origin}${path}`, {
    method,
    ...body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

describe('`tradebot tokens`', () => {
  it('lets a program do what the token is for, until it is revoked', async () => {
    const made = onIt('tokens', 'make', 'grafana', '--scope', 'read,safety', '--days', '1');
    expect([made.exitCode, made.stderr]).toEqual([0, expect.stringContaining('for read, safety, until')]);
    const bearer = { authorization: `Bearer ${made.stdout.trim()}` };
    expect((await ask('GET', '/api/v1/status', bearer)).status).toBe(200);
    expect((await ask('GET', '/metrics', bearer)).status).toBe(200);
    expect((await ask('POST', '/api/v1/call/trading.pause', bearer)).status).toBe(200);
    const resumed = await ask('POST', '/api/v1/call/trading.resume', bearer);
    expect(resumed.status).toBe(403);
    expect(await resumed.json()).toMatchObject({
      error: { message: expect.stringContaining('takes the scope "trade"') },
    });
    expect((await ask('POST', '/api/v1/session/link', bearer)).status).toBe(401);

    const list = JSON.parse(onIt('tokens', 'list', '--json').stdout) as { id: string; digest?: string }[];
    expect(list).toMatchObject([{ name: 'grafana', scopes: ['read', 'safety'] }]);
    expect(list[0]?.digest).toBeUndefined();
    expect(onIt('tokens', 'revoke', list[0]?.id ?? '').stdout).toContain('is revoked');
    expect((await ask('GET', '/api/v1/status', bearer)).status).toBe(401);
  });

  it.each([
    ['no scope', ['make', 'x'], 'required option'],
    ['an unknown scope', ['make', 'x', '--scope', 'all'], 'it must be of read, safety, trade'],
    ['no name', ['make', '', '--scope', 'read'], 'it must be 1 to 60 characters'],
    ['for ever', ['make', 'x', '--scope', 'read', '--days', '0'], 'from 1 to 366'],
    ['an unknown id', ['revoke', '12345678'], 'there is no token 12345678'],
  ])('refuses %s', (_fault, args, words) => {
    const { exitCode, stderr } = onIt('tokens', ...args);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(words);
  });
});

describe('`tradebot open`', () => {
  it('makes another browser a link, while what opened before stays open', async () => {
    const url = onIt('open', '--no-open').stdout.trim();
    const login = await fetch(`${program.origin}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: new URL(url).hash.replace('#token=', '') }),
    });
    expect(login.status).toBe(200);
    const { key } = (await login.json()) as { key: string };
    const headers = { cookie: login.headers.get('set-cookie')?.split(';')[0] ?? '', 'x-tradebot-key': key };
    expect((await ask('GET', '/api/v1/status', headers)).status).toBe(200);
    // The next start knows this browser still.
    await program.stop();
    program = await RunningProgram.start(folder.path, '--mode', 'demo', '--speed', '60');
    expect((await ask('GET', '/api/v1/status', headers)).status).toBe(200);
  });

  it('says so where nothing runs', () => {
    expect(tradebot('--data-dir', other.path, 'open').stderr).toContain('no program with a page runs');
  });
});

it('the token is told to nobody who listens where a program once did', async () => {
  const heard: unknown[] = [];
  const stranger = createServer((request, response) => {
    heard.push(request.headers.authorization);
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ proof: 'f'.repeat(64) }));
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as AddressInfo;
  writeFileSync(join(other.path, 'host.json'), JSON.stringify({ port, killPort: null }));
  writeFileSync(join(other.path, 'api-token'), readFileSync(join(folder.path, 'api-token')));
  const { stdout } = await tradebotBeside('--data-dir', other.path, 'status');
  stranger.close();
  expect(stdout).toContain('not running');
  expect(heard).toEqual([undefined]);
});
