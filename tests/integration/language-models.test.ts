import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { LLMock } from '@copilotkit/aimock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { promptsFolder } from '../../core/agents/index.ts';
import type { DecisionView, LlmCallView, StatusView, StrategyId } from '../../core/contract/index.ts';
import { RunningProgram, temporaryFolder, tradebotBeside } from './program.ts';
import { waveCandles } from './wave-candles.ts';

/** The program against a local OpenAI-compatible server, as a trader with Ollama or LM Studio has it. */

let folder: ReturnType<typeof temporaryFolder>;
let server: LLMock;
beforeEach(async () => {
  folder = temporaryFolder();
  server = new LLMock({ port: 0 });
  const answer = (action: string, confidence: number) =>
    JSON.stringify({
      action,
      confidence,
      thesis: `the figures argue for ${action}`,
      evidence: ['the figures agree'],
      invalidation: 'the opposite',
      horizonBars: 12,
    });
  server.on({ systemMessage: 'You are Bull' }, { content: answer('BUY', 0.8) });
  server.on({ systemMessage: 'connection test' }, { content: answer('HOLD', 0.5) });
  server.on({ systemMessage: 'You are Bear' }, { content: answer('BUY', 0.6) });
  await server.start();
});
afterEach(async () => {
  await server.stop();
  folder.remove();
});

function config(baseUrl: string, more: object = {}, strategy: StrategyId = 'trend'): string {
  const path = join(folder.path, 'settings.json');
  const prices = { 'local-model': { inputPerMTok: 0.5, outputPerMTok: 1.5, knowledgeCutoff: '2025-06-01' } };
  const llm = { enabled: true, baseUrl, model: 'local-model', rebuttalRounds: 2, prices, ...more };
  writeFileSync(path, JSON.stringify({ llm, strategy: { id: strategy }, arena: { rivals: {} } }));
  return path;
}

/** An address at which nobody listens any more. */
async function nowhere(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/v1`;
}

/** Asks until something is there; the test's own time limit ends a wait for what never comes. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
  }
}

describe('a demo with language models', () => {
  it('debates two rounds on a bar, and the dossier shows every call with tokens, cost and latency', async () => {
    const data = join(folder.path, 'data');
    const program = await RunningProgram.start(
      data,
      '--config',
      config(`${server.url}/v1`),
      '--symbol',
      'BTC/USDT',
    );
    try {
      const decision = await until(async () => {
        const [newest] = (await program.get('decisions?limit=1')) as DecisionView[];
        return newest?.votes.some(({ source }) => source === 'llm') ? newest : undefined;
      });
      const said = decision.votes.filter(({ source }) => source === 'llm');
      expect(said).toMatchObject([
        { voter: 'bull', kind: 'vote', action: 'BUY', confidence: 0.8 },
        { voter: 'bear', kind: 'vote', action: 'BUY', confidence: 0.6 },
      ]);
      const calls = (await program.call('decisions.calls', { id: decision.id })) as LlmCallView[];
      expect(calls.map(({ agent, round }) => `${agent} ${round}`)).toEqual([
        'bull 0',
        'bear 0',
        'bull 1',
        'bear 1',
        'bull 2',
        'bear 2',
      ]);
      for (const call of calls) {
        expect(call).toMatchObject({ status: 'answered', model: 'local-model', attempts: 1, failure: null });
        expect(call.inputTokens).toBeGreaterThan(100);
        expect(call.outputTokens).toBeGreaterThan(10);
        expect(call.costUsd).toBeGreaterThan(0);
        expect(call.latencyMs).toBeGreaterThan(0);
      }
      const status = (await program.get('status')) as StatusView;
      expect(status).toMatchObject({ analysts: 'llm', llm: { standIn: null, dailyBudgetUsd: 2 } });
      expect(status.llm?.spentTodayUsd).toBeGreaterThan(0);
    } finally {
      await program.stop();
    }
  }, 60_000);

  it('goes on with the rules, and says so, while both models are down', async () => {
    const data = join(folder.path, 'data');
    const flags = ['--config', config(await nowhere()), '--symbol', 'BTC/USDT', '--speed', '36000'];
    const program = await RunningProgram.start(data, ...flags);
    try {
      const decisions = await until(async () => {
        const found = (await program.get('decisions?limit=80')) as DecisionView[];
        return found.length >= 60 ? found : undefined;
      });
      for (const { votes } of decisions) {
        for (const vote of votes.filter(({ voter }) => voter !== 'ensemble'))
          expect(vote.source).toBe('rules');
      }
      const status = (await program.get('status')) as StatusView;
      expect(status.llm?.standIn).toContain('the rules speak');
    } finally {
      await program.stop();
    }
  }, 90_000);
});

describe('a backtest with language models', () => {
  it('asks once, then repeats itself without the network to the same hash; one changed word misses', async () => {
    const candles = join(folder.path, 'candles.csv');
    writeFileSync(candles, waveCandles(815));
    // Asked about every bar.
    const settings = config(`${server.url}/v1`, { rebuttalRounds: 1, debate: { moveSigmas: 0 } }, 'ensemble');
    const run = async (agents: string) => {
      const data = ['--data', candles, '--symbol', 'BTC/USDT', '--timeframe', '1h', '--no-audit', '--json'];
      const flags = ['--config', settings, '--data-dir', folder.path];
      const result = await tradebotBeside(...flags, 'backtest', '--agents', agents, ...data);
      expect(result.exitCode, result.stderr).toBe(0);
      return JSON.parse(result.stdout) as {
        resultHash: string;
        llmCostUsd: number;
        reasons: Record<string, number>;
      };
    };
    const recorded = await run('record');
    const asked = server.getRequests().length;
    expect(asked).toBe(16 * 4);
    expect(recorded.llmCostUsd).toBeGreaterThan(0);

    const [once, again] = [await run('replay'), await run('replay')];
    expect(server.getRequests()).toHaveLength(asked);
    expect([once.resultHash, again.resultHash]).toEqual([recorded.resultHash, recorded.resultHash]);
    expect(once.llmCostUsd).toBe(0);

    mkdirSync(join(folder.path, 'prompts'));
    const shipped = readFileSync(join(promptsFolder(), 'bull.md'), 'utf8');
    writeFileSync(join(folder.path, 'prompts', 'bull.md'), shipped.replace('strongest', 'soundest'));
    const missed = await run('replay');
    expect(server.getRequests()).toHaveLength(asked);
    expect(missed.resultHash).not.toBe(recorded.resultHash);
    expect(missed.reasons).toHaveProperty('no-quorum');
  }, 90_000);
});

describe('the doctor', () => {
  it('finds a wrong address and a wrong key', async () => {
    const well = await tradebotBeside(
      '--config',
      config(`${server.url}/v1`),
      '--data-dir',
      folder.path,
      'doctor',
    );
    expect(well.stdout).toContain('answered in');
    expect(well.stdout).toContain('alerts by Telegram: off: set alerts.telegram.enabled to turn it on');
    expect(well.exitCode).toBe(0);
    const url = server.url;
    server.nextRequestError(401, { message: 'no such key', type: 'invalid_request_error' });
    const key = await tradebotBeside('--config', config(`${url}/v1`), '--data-dir', folder.path, 'doctor');
    expect(key.stdout).toMatch(/WRONG language models: .*key/i);
    expect(key.exitCode).toBe(1);
    const nobody = await tradebotBeside(
      '--config',
      config(await nowhere()),
      '--data-dir',
      folder.path,
      'doctor',
    );
    expect(nobody.stdout).toContain('cannot be reached');
  }, 60_000);
});
