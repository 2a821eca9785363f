import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('the command serves in real time, prints what to paste, and ends on Ctrl-C', async () => {
  const file = fileURLToPath(new URL('serve.ts', import.meta.url));
  const options = ['--port', '0', '--symbol', 'BTC/USDT', '--history', '60', '--speed', '100'];
  const server = spawn(process.execPath, [file, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const chunk of server.stdout) {
    printed += String(chunk);
    if (printed.includes('.secret')) break;
  }
  const settings = JSON.parse(/\{[\s\S]*\n\}/.exec(printed)?.[0] ?? '{}');
  expect(settings.exchange.id).toBe('binance');
  const answer = await fetch(`${settings.exchange.endpoint.rest}/api/v3/klines?symbol=BTCUSDT&interval=1m`);
  expect((await answer.text()).split('],[').length).toBeGreaterThan(50);
  const ended = once(server, 'exit');
  server.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
});
