import { createHmac } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The least that anybody does who gets out: writes a file to the disk, then sends the requests that the program sends.
 * A process of its own, told by messages what they are: node tests/bench/kill/bare-kill.ts REST_URL API_KEY SECRET
 */

/** Method and path with parameters, unsigned; those of a step leave together. */
export type BareSteps = readonly (readonly (readonly [method: string, path: string])[])[];

export interface BareTimes {
  readonly latchMs: number;
  /** By the wall's clock. */
  readonly latchedAt: number;
  readonly doneMs: number;
}

const [rest = '', apiKey = '', secret = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });

function send(method: string, path: string): Promise<void> {
  const [route = '', query = ''] = path.split('?');
  const params = `${query}${query === '' ? '' : '&'}recvWindow=10000&timestamp=${Date.now()}`;
  const signature = createHmac('sha256', secret).update(params).digest('hex');
  return new Promise((resolve, reject) => {
    const url = `${rest}${route}?${params}&signature=${signature}`;
    const call = request(url, { method, agent, headers: { 'x-mbx-apikey': apiKey } });
    call.on('response', (response) => response.resume().on('end', resolve));
    call.on('error', reject);
    call.end();
  });
}

async function kill(steps: BareSteps): Promise<BareTimes> {
  const began = performance.now();
  const path = join(tmpdir(), `bare-kill-${process.pid}`);
  const file = openSync(`${path}.tmp`, 'w');
  writeSync(file, '{"reason":"a bare client is pressed"}\n');
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.tmp`, path);
  const folder = openSync(tmpdir(), 'r');
  fsyncSync(folder);
  closeSync(folder);
  const latchMs = performance.now() - began;
  rmSync(path);
  for (const step of steps) await Promise.all(step.map(([method, path]) => send(method, path)));
  return {
    latchMs,
    latchedAt: performance.timeOrigin + began + latchMs,
    doneMs: performance.now() - began,
  };
}

process.on('message', (steps: BareSteps) => {
  void kill(steps).then((times) => process.send?.(times));
});
process.on('disconnect', () => process.exit(0));
// The connections that the program has had open for long, too.
void send('GET', '/api/v3/time').then(() => process.send?.('ready'));
