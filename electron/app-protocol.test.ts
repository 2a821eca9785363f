import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const electron = vi.hoisted(() => ({
  registerSchemesAsPrivileged: vi.fn(),
  handle: vi.fn<(scheme: string, handler: (request: Request) => Promise<Response>) => void>(),
}));
vi.mock('electron', () => ({ protocol: electron }));

const { APP_URL, declareAppScheme, isAppUrl, rendererFile, serveRenderer } = await import(
  './app-protocol.ts'
);

describe('isAppUrl', () => {
  it.each([
    [APP_URL, true],
    ['app://tradebot/', true],
    ['app://tradebot/#/orders', true],
    ['app://evil/index.html', false],
    ['app://tradebot.evil/index.html', false],
    ['app://tradebot:1/index.html', false],
    ['app://user@evil/tradebot', false],
    ['file:///tradebot/index.html', false],
    ['https://tradebot/index.html', false],
    ['data:text/html,app://tradebot/', false],
    ['about:blank', false],
    ['', false],
  ])('%s is ours: %s', (url, ours) => {
    expect(isAppUrl(url)).toBe(ours);
  });
});

describe('rendererFile', () => {
  const folder = join('/', 'app', 'renderer');

  it.each([
    ['app://tradebot/', 'index.html'],
    ['app://tradebot/index.html', 'index.html'],
    ['app://tradebot/assets/index-1a2b.js?x=1#y', join('assets', 'index-1a2b.js')],
    ['app://tradebot/a%20b.png', 'a b.png'],
  ])('%s names %s', (url, file) => {
    expect(rendererFile(folder, url)).toBe(join(folder, file));
  });

  it.each([
    ['another host', 'app://evil/index.html'],
    ['another scheme', 'file:///app/renderer/index.html'],
    ['a way out, encoded', 'app://tradebot/..%2fmain%2fmain.js'],
    ['a way out, encoded again', 'app://tradebot/%2e%2e%2fmain.js'],
    ['a longer way out', 'app://tradebot/assets/..%2f..%2f..%2fetc%2fpasswd'],
    ['a sibling with the same beginning', 'app://tradebot/..%2frenderer-secrets%2fkey'],
    ['a broken escape', 'app://tradebot/%'],
  ])('gives nothing for %s', (_case, url) => {
    expect(rendererFile(folder, url)).toBeUndefined();
  });

  it('tidies a plain way out as every URL parser does, and stays inside', () => {
    expect(rendererFile(folder, 'app://tradebot/../../etc/passwd')).toBe(join(folder, 'etc', 'passwd'));
  });
});

describe('serveRenderer', () => {
  let folder: string;
  let serve: (url: string) => Promise<Response>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tradebot-renderer-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<title>LLM-TradeBot</title>');
    writeFileSync(join(folder, 'assets', 'index.js'), 'export {};');
    writeFileSync(join(folder, 'assets', 'sound.bin'), 'x');
    electron.handle.mockReset();
    serveRenderer(folder);
    const [scheme, handler] = electron.handle.mock.lastCall ?? [];
    expect(scheme).toBe('app');
    serve = async (url) => (await handler?.(new Request(url))) ?? new Response();
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['', 'text/html; charset=utf-8'],
    ['assets/index.js', 'text/javascript; charset=utf-8'],
    ['assets/sound.bin', 'application/octet-stream'],
  ])('serves /%s as %s', async (path, type) => {
    const answer = await serve(`app://tradebot/${path}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
  });

  it('forbids the page to talk to anything but the bridge', async () => {
    const { headers } = await serve(APP_URL);
    const policy = headers.get('content-security-policy') ?? '';
    for (const rule of [
      "default-src 'none'",
      "script-src 'self';",
      "connect-src 'none'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy).toContain(rule);
    }
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each(['missing.js', 'assets', '%', '..%2foutside', '%00'])('answers 404 for /%s', async (path) => {
    expect((await serve(`app://tradebot/${path}`)).status).toBe(404);
  });
});

describe('declareAppScheme', () => {
  it('gives the scheme an origin and nothing that bypasses the policy', () => {
    declareAppScheme();
    expect(electron.registerSchemesAsPrivileged.mock.lastCall?.[0]).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });
});
