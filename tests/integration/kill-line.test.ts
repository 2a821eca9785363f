import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type KillAction,
  killPath,
  killSignature,
  SIGNATURE_HEADER,
  TIMESTAMP_HEADER,
} from '../../core/engine/index.ts';
import { RunningProgram, temporaryFolder, tradebot } from './program.ts';

/** The signed way to the kill switch of the real program, by what `tradebot kill --print-curl` prints. */

const folder = temporaryFolder();
let program: RunningProgram;
let curl: string;
beforeAll(async () => {
  program = await RunningProgram.start(folder.path, '--mode', 'demo', '--speed', '60');
});
afterAll(async () => {
  await program.stop();
  folder.remove();
});

function sh(line: string): { readonly status: string; readonly text: string } {
  const { stdout } = spawnSync('sh', ['-c', `${line} -s -w '\\n%{http_code}'`], { encoding: 'utf8' });
  const lines = stdout.split('\n');
  return { status: lines.at(-1) ?? '', text: lines.slice(0, -1).join('\n') };
}

type Headers = Readonly<Record<string, string>>;
type Port = 'api' | 'beside it';

function fileOf(name: string): string {
  return readFileSync(join(folder.path, name), 'utf8').trim();
}

function signature(action: KillAction = 'activate', time = Date.now()): Headers {
  const secret = fileOf('kill-switch-secret');
  return { [TIMESTAMP_HEADER]: `${time}`, [SIGNATURE_HEADER]: killSignature(secret, action, time) };
}

async function sent(port: Port, headers: Headers, action: KillAction = 'activate'): Promise<number> {
  const { killPort } = JSON.parse(fileOf('host.json')) as { killPort: number };
  const origin = port === 'api' ? program.origin : `http://127.0.0.1:${killPort}`;
  return (await fetch(`${origin}${killPath(action)}`, { method: 'POST', headers })).status;
}

/** All that a request could change. */
const traces = async () => ({
  files: readdirSync(folder.path, { recursive: true })
    .map(String)
    .filter((name) => name.startsWith('kill-switch'))
    .toSorted(),
  killSwitch: await killSwitch(),
  history: await program.get('safety/kill-switch/history'),
});

const pressesIn = (history: unknown) =>
  (history as readonly { readonly again: unknown }[]).map(({ again }) => again);

const killSwitch = async () => ((await program.get('status')) as { killSwitch: object }).killSwitch;

describe('tradebot kill --print-curl', () => {
  it('prints a request and does nothing', async () => {
    const { stdout, exitCode } = tradebot('kill', '--print-curl', '--data-dir', folder.path);
    expect(exitCode).toBe(0);
    curl = stdout.split('\n').find((line) => line.startsWith('curl ')) ?? '';
    expect(curl).toContain('/api/v1/safety/kill-switch/activate');
    expect(await killSwitch()).toMatchObject({ engaged: false });
  });

  it('of which nothing else than the right one, of this moment, changes anything, whichever port it comes to', async () => {
    const { [TIMESTAMP_HEADER]: time = '', [SIGNATURE_HEADER]: right = '' } = signature();
    const now = Number(time);
    const wrong: readonly Headers[] = [
      {},
      { [TIMESTAMP_HEADER]: time },
      { [TIMESTAMP_HEADER]: time, [SIGNATURE_HEADER]: '0'.repeat(64) },
      { [TIMESTAMP_HEADER]: time, [SIGNATURE_HEADER]: right.slice(1) },
      { [TIMESTAMP_HEADER]: time, [SIGNATURE_HEADER]: right.toUpperCase() },
      { [TIMESTAMP_HEADER]: `${now + 1}`, [SIGNATURE_HEADER]: right },
      { [TIMESTAMP_HEADER]: `${time}.0`, [SIGNATURE_HEADER]: right },
      { [TIMESTAMP_HEADER]: `${time}, ${time}`, [SIGNATURE_HEADER]: `${right}, ${right}` },
      { [TIMESTAMP_HEADER]: time, [SIGNATURE_HEADER]: killSignature('another secret', 'activate', now) },
      signature('deactivate', now),
      // What is wrong by its time alone is wrong enough for however long this takes.
      signature('activate', now - 120_000),
      signature('activate', now + 600_000),
    ];
    const before = await traces();
    for (const port of ['api', 'beside it'] as const)
      for (const headers of wrong)
        expect([port, headers, await sent(port, headers)]).toEqual([port, headers, 401]);
    expect(await traces()).toEqual(before);
    expect(before).toMatchObject({ killSwitch: { engaged: false }, history: [] });
  });

  it('which stops the program once, beside its API', async () => {
    expect(curl).not.toContain(program.origin);
    expect(sh(curl)).toEqual({ status: '200', text: '{"engaged":true,"durable":true}' });
    await expect.poll(killSwitch, { timeout: 20_000 }).toMatchObject({ engaged: true, stage: 'flat' });
    expect(await program.get('safety/kill-switch/history')).toMatchObject([
      { by: 'a signed request', from: 'signed-request', durable: true, outcome: 'flat' },
    ]);
    expect(sh(curl).status).toBe('401');
  });

  it('and not once more on the port of the API, nor after a restart', async () => {
    const path = '/api/v1/safety/kill-switch/activate';
    const onApi = curl.replace(/http:\S+/, `${program.origin}${path}`);
    expect(sh(onApi).status).toBe('401');
    const [onOther, twice] = [signature(), signature('activate', Date.now() + 1)];
    expect([await sent('api', onOther), await sent('beside it', onOther)]).toEqual([200, 401]);
    const both = await Promise.all([sent('api', twice), sent('beside it', twice)]);
    expect(both.toSorted()).toEqual([200, 401]);
    await program.stop();
    program = await RunningProgram.start(folder.path, '--mode', 'demo', '--speed', '60');
    const before = await traces();
    expect(sh(curl.replace(/http:\S+/, `${program.origin}${path}`)).status).toBe('401');
    for (const port of ['api', 'beside it'] as const)
      for (const used of [onOther, twice]) expect(await sent(port, used)).toBe(401);
    const { files, history } = await traces();
    expect([files, pressesIn(history)]).toEqual([before.files, pressesIn(before.history)]);
  });

  it('prints how to sign one without the program, which resets as the trader would: trading stays paused', async () => {
    const { stdout } = tradebot('kill', '--print-curl', '--data-dir', folder.path);
    const lines = stdout.split('\n');
    const script = lines.slice(lines.findIndex((line) => line.startsWith('t=')));
    const secret = readFileSync(join(folder.path, 'kill-switch-secret'), 'utf8').trim();
    const signing = script.join('\n').replaceAll('activate', 'deactivate').trim();
    expect(stdout).not.toContain(secret);
    const released = async () => sh(`KILL_SECRET=${secret}\n${signing}`);
    await expect.poll(released, { timeout: 20_000 }).toEqual({ status: '200', text: '{"engaged":false}' });
    expect(await program.get('status')).toMatchObject({
      killSwitch: { engaged: false },
      trading: 'paused',
      pause: { by: 'the reset of the kill switch' },
    });
    expect(await program.get('safety/kill-switch/history')).toMatchObject([{ outcome: 'reset' }]);
  });

  it('without it the command line stops the program, which is one press from there', async () => {
    expect(tradebot('kill', '--data-dir', folder.path).exitCode).toBe(0);
    const [activation] = (await program.get('safety/kill-switch/history')) as readonly object[];
    expect(activation).toMatchObject({
      by: 'tradebot kill',
      from: 'command-line',
      outcome: 'flat',
      again: [],
    });
  });

  it('says what to do where there is no secret yet', () => {
    const empty = temporaryFolder();
    const { exitCode, stderr } = tradebot('kill', '--print-curl', '--data-dir', empty.path);
    empty.remove();
    expect(exitCode).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('run the program once');
  });
});
