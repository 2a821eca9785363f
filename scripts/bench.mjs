#!/usr/bin/env node
import './check-node.mjs';

/**
 * `npm run bench -- [features] [backtest] [inference] [execution] [kill] [storage] [api] [--data FILE]`: measures and prints one JSON document. Without
 * `--data` it runs on made-up candles; `execution`, `kill`, `storage` and `api` have data of their own. Compare figures of the same run only: machines are noisy.
 */

// Not before the version of Node is known to be one that reads TypeScript.
const { backtest } = await import('../core/backtest/index.ts');
const { SettingsSchema } = await import('../core/contract/index.ts');
const { TraderError, timeframeOfMs } = await import('../core/domain/index.ts');
const { openLibrary } = await import('../core/engine/index.ts');
const { benchFeatures } = await import('../core/features/bench.ts');
const { generatedCandles } = await import('../core/features/testing/generated-candles.ts');
const { benchInference } = await import('../core/inference/bench.ts');
const { readCandles } = await import('../core/market/index.ts');

const MADE_UP_BARS = 60_000;

const args = process.argv.slice(2);
const dataAt = args.indexOf('--data');
const file = dataAt === -1 ? undefined : args[dataAt + 1];
const wanted = args.filter((_name, index) => dataAt === -1 || (index !== dataAt && index !== dataAt + 1));
const BENCHES = {
  features: benchFeatures,
  backtest: benchBacktest,
  inference: benchModels,
  execution: benchOrders,
  kill: benchStop,
  storage: benchRecords,
  api: benchHost,
};

const unknown = wanted.find((name) => !Object.hasOwn(BENCHES, name));
if (unknown !== undefined || (dataAt !== -1 && file === undefined)) {
  process.stderr.write(
    `error: ${unknown ?? '--data'}: give ${Object.keys(BENCHES).join(', ')} and --data FILE\n`,
  );
  process.exit(2);
}
try {
  const candles = file === undefined ? generatedCandles(1, MADE_UP_BARS) : readCandles(file).candles;
  const results = {};
  for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHES))
    results[name] = await BENCHES[name](candles);
  process.stdout.write(`${JSON.stringify({ data: file ?? 'made up', ...results }, null, 2)}\n`);
} catch (error) {
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = error instanceof TraderError && error.kind === 'bad-input' ? 2 : 1;
}

/** The models that vote, on the rows that came with them: candles make no difference to how long they take. */
async function benchModels() {
  const { set, refusal } = openLibrary(null).active();
  return set === null ? { skipped: refusal.message } : await benchInference(set);
}

/** The way of an order out of the program: only whoever asks for it loads the local venue. */
async function benchOrders() {
  const { benchExecution } = await import('../tests/bench/execution.ts');
  return benchExecution();
}

/** The emergency stop, from the press to a venue that has nothing any more. */
async function benchStop() {
  const { benchKill } = await import('../tests/bench/kill.ts');
  return benchKill();
}

/** Questions over a million trades, the mirror beside a bare client of a local PostgreSQL, a start with many fills. */
async function benchRecords() {
  const { benchStorage } = await import('../tests/bench/storage.ts');
  return benchStorage();
}

/** The headless host: how fast it answers, and what a flood of clients that do not read does to it. */
async function benchHost() {
  const { benchApi } = await import('../tests/bench/api.ts');
  return benchApi();
}

/** The rules over the candles, a decision on every bar, without the audit. */
async function benchBacktest(candles) {
  const timeframe = timeframeOfMs(candles[1].openTime - candles[0].openTime);
  const symbol = 'BTC/USDT';
  const from = candles[0].openTime;
  const to = candles.at(-1).openTime;
  const report = { symbol, bars: candles.length, from, to, gaps: 0, missingBars: 0, duplicates: 0 };
  const result = await backtest({
    settings: SettingsSchema.parse({ timeframe, symbols: [symbol], strategy: { id: 'rules' } }),
    series: [{ symbol, bars: candles, report: { ...report, detailTimeframe: null } }],
    agents: 'offline',
    modelSets: [],
    llm: null,
    auditCuts: 0,
    monotonicMs: () => performance.now(),
  });
  const { bars, trades, seconds, barsPerSecond } = result;
  return { bars, trades, seconds, barsPerSecond };
}
