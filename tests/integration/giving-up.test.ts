import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from './program.ts';

const TRADEBOT = join(import.meta.dirname, '..', '..', 'scripts', 'tradebot.mjs');
/** Of a start on this machine, however busy it is. */
const PATIENCE_MS = 60_000;
/** "At once", however busy it is. */
const AT_ONCE_MS = 5_000;

/** A venue that takes every question and answers none. */
async function silentVenue(): Promise<{ readonly url: string; readonly asked: Promise<void> }> {
  const asked = Promise.withResolvers<void>();
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => asked.resolve());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}`, asked: asked.promise };
}

test.each(['paper', 'sandbox'])(
  'a start in %s mode that waits for its venue ends at once with Ctrl+C, and leaves nothing behind',
  async (mode) => {
    const { url, asked } = await silentVenue();
    const folder = temporaryFolder();
    onTestFinished(folder.remove);
    const at = (name: string): string => join(folder.path, name);
    const [data, runtime, config] = [at('data'), at('runtime'), at('settings.json')];
    mkdirSync(runtime, { mode: 0o700 });
    const settings = { mode, symbols: ['BTC/USDT'], exchange: { id: 'binance', endpoint: { rest: url } } };
    writeFileSync(config, JSON.stringify(settings));
    const env = {
      ...process.env,
      TRADEBOT_RUNTIME_DIR: runtime,
      TRADEBOT_SECRET_EXCHANGE_BINANCE_APIKEY: 'k',
      TRADEBOT_SECRET_EXCHANGE_BINANCE_SECRET: 's',
    };
    const args = [
      TRADEBOT,
      '--data-dir',
      data,
      '--config',
      config,
      'run',
      '--headless',
      '--no-open',
      '--port',
      '0',
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += String(chunk);
      });
    await asked;
    const ended = once(child, 'exit');
    const toldAt = performance.now();
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(performance.now() - toldAt).toBeLessThan(AT_ONCE_MS);
    expect(said).toContain('Stopped before it had started: no order was sent.');
    expect(said).not.toContain('Ready');
    // Nobody takes it for a program that has crashed.
    const notes = readdirSync(runtime, { recursive: true }).map(String);
    expect(notes.filter((name) => name.endsWith('.json'))).toEqual([]);
  },
  PATIENCE_MS,
);
