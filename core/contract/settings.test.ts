import { describe, expect, test } from 'vitest';
import { describeIssues, type SettingsInput, SettingsSchema, symbolsOf } from './index.ts';

const faults = (input: unknown): string[] => {
  const parsed = SettingsSchema.safeParse(input);
  return parsed.error ? describeIssues(parsed.error, 'settings') : [];
};

describe('defaults', () => {
  test('no settings at all are valid', () => {
    const settings = SettingsSchema.parse({});
    expect(settings).toMatchObject({
      mode: 'demo',
      timeframe: '1h',
      capital: '10000',
      exchange: { id: 'binance', sandbox: false, proxy: null, endpoint: null },
      llm: {
        enabled: false,
        rebuttalRounds: 1,
        timeoutMs: 20_000,
        dailyBudgetUsd: 2,
        agents: { bull: {}, bear: {} },
      },
      strategy: { id: 'trend' },
      models: { cacheMb: 64 },
      timescale: { url: null, retentionDays: null, chunkDays: 30, compressAfterDays: 90 },
      alerts: {
        slack: { enabled: false, least: 'info' },
        email: { port: 587, to: [] },
        telegram: { chatId: null },
      },
      api: { enabled: false, port: 5173 },
    });
  });

  test('the safety defaults are those that the documentation promises', () => {
    expect(SettingsSchema.parse({}).safety).toEqual({
      riskPerTrade: 0.01,
      stopAtr: 2,
      maxPositions: 5,
      maxSymbolExposure: 0.3,
      maxStrategyExposure: 0.6,
      maxGroupExposure: 0.6,
      maxPortfolioExposure: 0.9,
      maxOpenRisk: 0.06,
      minEntryShare: 0.02,
      maxEntryDrift: 0.5,
      costMultiple: 1.5,
      minHoldBars: 3,
      reentryWaitBars: 2,
      maxEntriesPerHour: 6,
      maxEntriesPerDay: 50,
      maxDailyLoss: 0.03,
      profitLock: null,
      maxDrawdown: 0.1,
      maxConsecutiveLosses: 5,
      minWinRate: 0.3,
      winRateTrades: 20,
      minSharpe: 0,
      sharpeDays: 30,
      minSample: 20,
      haltHours: 24,
      drawdownRelease: 'after-halt',
    });
  });

  test.each([0, 1, 1.5, 20])('a cost multiple of %d is taken', (costMultiple) => {
    expect(SettingsSchema.parse({ safety: { costMultiple } }).safety.costMultiple).toBe(costMultiple);
  });

  test('the weights of each regime add up to 1', () => {
    for (const weights of Object.values(SettingsSchema.parse({}).consensus.weights)) {
      expect(weights.bull + weights.bear + weights.ensemble).toBeCloseTo(1, 12);
    }
  });

  test('what was parsed parses again to the same', () => {
    const settings = SettingsSchema.parse({ mode: 'paper', symbols: ['ETH/USDT'] });
    expect(SettingsSchema.parse(settings)).toEqual(settings);
  });

  test('a part that is given keeps the defaults of its other parts', () => {
    const { consensus, safety } = SettingsSchema.parse({
      consensus: { thresholds: { volatile: 0.5 } },
      safety: { stopAtr: 3 },
    });
    expect(consensus.thresholds).toEqual({ trending: 0.2, ranging: 0.25, volatile: 0.5 });
    expect(safety).toMatchObject({ stopAtr: 3, riskPerTrade: 0.01 });
  });
});

test('the documented example is valid', () => {
  const example: SettingsInput = {
    mode: 'demo',
    symbols: ['BTC/USDT'],
    timeframe: '1h',
    capital: '10000',
    exchange: {
      id: 'binance',
      sandbox: false,
      proxy: null,
      endpoint: { rest: 'http://127.0.0.1:8300', ws: 'ws://127.0.0.1:8300' },
    },
    llm: {
      enabled: true,
      baseUrl: 'http://127.0.0.1:4010/v1',
      model: 'some-model',
      rebuttalRounds: 1,
      timeoutMs: 20_000,
      dailyBudgetUsd: 2,
      prices: { 'some-model': { inputPerMTok: 0.5, outputPerMTok: 1.5, knowledgeCutoff: '2025-06-01' } },
      agents: { bull: {}, bear: { model: 'another' } },
    },
    consensus: {},
    safety: {},
    strategy: { id: 'ensemble' },
    timescale: { url: null, retentionDays: null, chunkDays: 30, compressAfterDays: 90 },
    alerts: {
      slack: { enabled: true, least: 'warning', webhookUrl: null },
      email: { host: null, port: 587, from: null, to: [] },
      telegram: { apiRoot: 'https://api.telegram.org', chatId: null },
    },
    api: { enabled: false, port: 5173 },
  };
  expect(faults(example)).toEqual([]);
  expect(SettingsSchema.parse(example)).toMatchObject(example);
});

describe('faults', () => {
  test.each(['postgres://me:sesame@db/books', 'postgres://me@db/books?password=sesame'])(
    'the password of a database is not to be in %s',
    (url) => {
      expect(faults({ timescale: { url } })).toEqual([expect.stringMatching(/must be without a password/)]);
    },
  );

  test('the number of a chat may be given as a number', () => {
    const { telegram } = SettingsSchema.parse({ alerts: { telegram: { chatId: -42 } } }).alerts;
    expect(telegram.chatId).toBe('-42');
  });

  test('what opens a channel of alerts is no setting, and what to do about it is said', () => {
    expect(faults({ alerts: { slack: { webhookUrl: 'https://hooks.slack.com/services/x' } } })).toEqual([
      'settings.alerts.slack.webhookUrl: is a secret now: take it out of the settings and run `tradebot keys set slack.webhookUrl`',
    ]);
  });

  test.each([
    [{ quietHours: { from: '25:00', to: '07:00' } }, /from: must be a time of day such as 22:30/],
    [{ quietHours: { from: '07:00', to: '07:00' } }, /to: must be another time than from/],
    [{ quietHours: { from: '22:00', to: '07:00', timeZone: 'Mars' } }, /timeZone: must be a time zone/],
    [{ webhook: { body: '{' } }, /body: must be JSON/],
    [{ telegram: { enabled: true } }, /telegram\.chatId: is needed/],
    [{ telegram: { chatId: 'me' } }, /telegram\.chatId: must be the number of a chat/],
    [{ telegram: { apiRoot: 'http://example.com' } }, /telegram\.apiRoot: must begin with https/],
    [
      { email: { host: 'mail.example.com', security: 'none', user: 'bot' } },
      /email\.security: must be starttls or tls/,
    ],
    [{ email: { enabled: true, host: 'm', from: 'a@example.com' } }, /email\.to: is needed/],
    [{ rules: { 'stop-hti': 'off' } }, /stop-hti/],
    [{ drawdown: 10 }, /drawdown/],
  ])('alerts cannot be set as %j', (alerts, line) => {
    expect(faults({ alerts })).toEqual([expect.stringMatching(line)]);
  });

  test('the test network is no place for live mode', () => {
    const exchange = { sandbox: true };
    expect(faults({ mode: 'live', exchange })).toEqual([
      'settings.exchange.sandbox: live mode trades for real: set it to false, or mode to sandbox',
    ]);
    expect(faults({ mode: 'sandbox', exchange })).toEqual([]);
    expect(faults({ mode: 'live' })).toEqual([]);
  });

  test('unknown keys and wrong values are all listed at once, each with its path', () => {
    const listed = faults({
      mode: 'yolo',
      colour: 'red',
      symbols: ['btcusdt'],
      capital: '1e4',
      safety: { maxPositions: 0, maxDrawDown: 0.2 },
      llm: {
        rebuttalRounds: 3,
        agents: { bull: { key: 'secret' } },
        prices: { m: { inputPerMTok: -1, outputPerMTok: 1 } },
      },
      consensus: { weights: { trending: { bull: 2, bear: 0, ensemble: 0 } } },
      alerts: { email: { to: ['not-an-address'] } },
      exchange: { endpoint: { rest: 'file:///etc/passwd' } },
    });
    const paths = listed.map((line) => line.slice(0, line.indexOf(': '))).sort();
    expect(paths).toEqual(
      [
        'settings.mode',
        'settings.colour',
        'settings.symbols.0',
        'settings.capital',
        'settings.safety.maxPositions',
        'settings.safety.maxDrawDown',
        'settings.llm.rebuttalRounds',
        'settings.llm.agents.bull.key',
        'settings.llm.prices.m.inputPerMTok',
        'settings.consensus.weights.trending.bull',
        'settings.alerts.email.to.0',
        'settings.exchange.endpoint.rest',
      ].sort(),
    );
    expect(listed).toContain('settings.colour: unknown key, remove it or check its spelling');
    expect(listed).toContain(
      'settings.symbols.0: must look like BTC/USDT (spot) or BTC/USDT:USDT (perpetual)',
    );
  });

  test.each([
    [{ capital: '0' }, 'settings.capital: must be above 0'],
    [{ capital: '-5' }, 'settings.capital: must be above 0'],
    [{ symbols: ['BTC/USDT', 'BTC/USDT'] }, 'settings.symbols: names a symbol twice'],
    [
      { symbols: ['BTC/USDT', 'ETH/BTC', 'SOL/BTC'] },
      'settings.symbols.1: ETH/BTC is counted in BTC and BTC/USDT in USDT: an account has one quote currency, trade the other in a data directory of its own',
    ],
    [
      { symbols: ['BTC/USD:BTC'] },
      'settings.symbols.0: BTC/USD:BTC is an inverse contract, margined in BTC, whose profit is not counted here: choose a spot market or a linear perpetual such as BTC/USDT:USDT',
    ],
    [{ symbols: ['USDT/USDT'] }, 'settings.symbols.0: USDT/USDT would trade USDT for itself'],
    [
      { symbols: ['BTC/USDT', 'BTC/USDT:USDT-250328'] },
      'settings.symbols.1: BTC/USDT:USDT-250328 is a future or an option, which expires: choose a spot market or a perpetual such as BTC/USDT:USDT',
    ],
    [{ symbols: ['btc/usdt'] }, 'settings.symbols.0: use BTC/USDT'],
    [{ exchange: { id: 'Binance!' } }, 'settings.exchange.id: must be a ccxt exchange id such as binance'],
  ])('%j: %s', (input, fault) => {
    expect(faults(input)).toEqual([fault]);
  });

  test.each([-1, 0.5, 0.999, 20.1])('a cost multiple of %d is refused in one line', (costMultiple) => {
    expect(faults({ safety: { costMultiple } })).toEqual([
      'settings.safety.costMultiple: must be 0 (no cost gate) or from 1 to 20',
    ]);
  });

  test.each([
    { symbols: [] },
    { timeframe: '7m' },
    { capital: 10_000 },
    { safety: { riskPerTrade: 0 } },
    { safety: { riskPerTrade: Number.NaN } },
    { safety: { haltHours: Number.POSITIVE_INFINITY } },
    { safety: { maxDailyLoss: 1.1 } },
    { safety: { profitLock: 0 } },
    { api: { port: 70_000 } },
    { simulation: { maxVolumeShare: 0 } },
    { strategy: { id: 'To the moon' } },
    { arena: { rivals: { settings: {} } } },
    { llm: { apiKey: 'secrets are never settings' } },
    null,
    [],
    'demo',
  ])('%j is refused', (input) => {
    expect(faults(input)).toHaveLength(1);
  });
});

test.each([
  [['BTC/USDT', 'BTC/USDT:USDT', 'kPEPE/USDT:USDT', '币安人生/USDT']],
  [['PEPE/BTC', 'ETH/BTC']],
  [['kPEPE/USDC:USDC']],
])('%j are traded in one account', (symbols) => {
  expect(faults({ symbols })).toEqual([]);
});

test("the symbols are the trader's, else the mode's own", () => {
  expect(symbolsOf({ mode: 'demo', symbols: undefined })).toEqual(['BTC/USDT', 'ETH/USDT', 'SOL/USDT']);
  expect(symbolsOf({ mode: 'paper', symbols: undefined })).toEqual(['BTC/USDT']);
  expect(symbolsOf({ mode: 'demo', symbols: ['XRP/USDT'] })).toEqual(['XRP/USDT']);
});

describe('an address with a name or a password in it', () => {
  const hidden = (address: string) => [
    { llm: { baseUrl: address } },
    { llm: { agents: { bull: { baseUrl: address } } } },
    { exchange: { proxy: address } },
    { exchange: { endpoint: { rest: address, ws: address } } },
  ];
  test.each(
    ['https://bot:hunter2@host/v1', 'https://token@host/v1', 'http://host/v1?password=hunter2'].flatMap(
      hidden,
    ),
  )('is refused, without a word of it: %j', (settings) => {
    const { success, error } = SettingsSchema.safeParse(settings);
    expect(success).toBe(false);
    expect(error?.message).toContain('without a name and password');
    expect(error?.message).not.toContain('hunter2');
  });
});
