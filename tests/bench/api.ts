import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { RunningProgram } from '../integration/program.ts';
import { type Timings, timingsOf } from './timings.ts';

export interface ApiBench {
  /** At 100 requests a second in all, taking turns with a bare server. */
  readonly routes: Readonly<Record<string, Timings & { readonly goalP99Ms: number; readonly pass: boolean }>>;
  readonly bare: Timings;
  readonly flood: FloodBench;
}

export interface FloodBench {
  readonly clients: number;
  readonly halfOpen: number;
  readonly halfSent: number;
  readonly idleMiB: number;
  readonly mostMiB: number;
  /** From the request until the stop is on the disk, while all of that lasts. */
  readonly killMs: number;
  readonly pass: boolean;
}

const ROUTES = {
  '/api/v1/health/live': 5,
  '/api/v1/metrics/performance': 10,
  '/api/v1/ml/predict?symbol=BTC/USDT': 20,
} as const;
const ROUNDS = 500;
const PACE_MS = 40;
const BESIDE_BARE = 1.5;
const [CLIENTS, HALF_OPEN, HALF_SENT] = [200, 2_000, 400];
const MOST_ABOVE_IDLE_MIB = 150;
const KILL_GOAL_MS = 1_000;
const FLOOD_MS = 20_000;
const PATIENCE_S = 120;
const QUIET_MS = 10_000;
const TOPICS = [
  'status',
  'portfolio',
  'positions',
  'orders',
  'fills',
  'trades',
  'decisions',
  'equity',
  'alerts',
];

/** The headless host of a demo: how long it takes to answer, and what a flood of clients does to it. */
export async function benchApi(): Promise<ApiBench> {
  const folder = mkdtempSync(join(tmpdir(), 'tradebot-bench-'));
  const program = await RunningProgram.start(folder, '--mode', 'demo', '--speed', '300');
  const bareServer = fork(join(import.meta.dirname, 'bare-http.ts'));
  try {
    const [port] = (await once(bareServer, 'message')) as [number];
    const authorization = `Bearer ${readFileSync(join(folder, 'api-token'), 'utf8').trim()}`;
    await untilItPredicts(program, authorization);
    const times = await measure(program.origin, `http://127.0.0.1:${port}/`, authorization);
    const bare = timingsOf(times.bare ?? []);
    const routes = Object.entries(ROUTES).map(([path, goalP99Ms]) => {
      const timings = timingsOf(times[path] ?? []);
      const pass = timings.p99Ms <= Math.max(goalP99Ms, BESIDE_BARE * bare.p99Ms);
      return [path, { ...timings, goalP99Ms, pass }] as const;
    });
    return { routes: Object.fromEntries(routes), bare, flood: await flood(program, authorization) };
  } finally {
    bareServer.kill();
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The demo has closed a bar, and what a start leaves to be done has been done. */
async function untilItPredicts({ origin }: RunningProgram, authorization: string): Promise<void> {
  for (let second = 0; second < PATIENCE_S; second += 1) {
    await setTimeout(1000);
    const answer = await fetch(`${origin}/api/v1/ml/predict?symbol=BTC/USDT`, { headers: { authorization } });
    if (answer.ok) return setTimeout(QUIET_MS);
  }
  throw new Error('the demo has predicted nothing');
}

async function measure(
  origin: string,
  bareUrl: string,
  authorization: string,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const times: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const path of ['bare', ...Object.keys(ROUTES)]) {
      const url = path === 'bare' ? bareUrl : origin + path;
      const start = performance.now();
      const answer = await fetch(url, { headers: { authorization } });
      await answer.text();
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
      times[path] = [...(times[path] ?? []), performance.now() - start];
    }
    await setTimeout(PACE_MS);
  }
  return times;
}

async function flood(program: RunningProgram, authorization: string): Promise<FloodBench> {
  const idleMiB = await mostMemoryMiB(program.pid);
  const { port, hostname } = new URL(program.origin);
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, () => deafClient(program.origin, authorization)),
  );
  const half = [
    'POST /api/v1/session HTTP/1.1',
    `Host: ${hostname}:${port}`,
    'Content-Type: application/json',
  ];
  const sockets: Socket[] = [
    ...Array.from({ length: HALF_OPEN }, () => stranger(Number(port), '')),
    ...Array.from({ length: HALF_SENT }, () =>
      stranger(Number(port), `${[...half, 'Content-Length: 200000'].join('\r\n')}\r\n\r\n{"token":"`),
    ),
  ];
  const mostMiB = await mostMemoryMiB(program.pid);
  const start = performance.now();
  await program.call('killSwitch.activate', {});
  const killMs = Math.round(performance.now() - start);
  for (const client of clients) client.terminate();
  for (const socket of sockets) socket.destroy();
  const pass = mostMiB - idleMiB <= MOST_ABOVE_IDLE_MIB && killMs <= KILL_GOAL_MS;
  return { clients: CLIENTS, halfOpen: HALF_OPEN, halfSent: HALF_SENT, idleMiB, mostMiB, killMs, pass };
}

/** Asks for everything, over and over, and reads nothing. */
async function deafClient(origin: string, authorization: string): Promise<WebSocket> {
  const client = new WebSocket(`${origin.replace('http', 'ws')}/ws`, { headers: { authorization } });
  client.on('error', () => undefined);
  await once(client, 'open');
  client.pause();
  for (const topic of [...TOPICS, 'candles:BTC/USDT'])
    client.send(JSON.stringify({ type: 'subscribe', topic }));
  for (let id = 0; id < 100; id += 1) {
    const params = { symbol: 'BTC/USDT', limit: 2_000 };
    client.send(JSON.stringify({ type: 'call', id, method: 'candles.history', params }));
  }
  return client;
}

function stranger(port: number, says: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(says);
  return socket;
}

/** The most in some time: collecting garbage makes it go up and down, flood or not. */
async function mostMemoryMiB(pid: number): Promise<number> {
  let most = 0;
  const until = performance.now() + FLOOD_MS;
  while (performance.now() < until) {
    most = Math.max(most, memoryMiB(pid));
    await setTimeout(250);
  }
  return most;
}

function memoryMiB(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}
