import { REGIMES, type Settings, strategyLabel, symbolsOf } from '../../../core/contract/index.ts';
import { fixed, MODE_WORDS, money, moneyDecimals, percent, quoteOf } from '../../format/index.ts';

export interface SettingLine {
  /** Its name in the settings file. */
  readonly key: string;
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
}

export interface SettingGroup {
  readonly title: string;
  readonly lines: readonly SettingLine[];
}

const share = (fraction: number): string => percent(fraction * 100, fraction * 100 < 10 ? 1 : 0);
const orNot = (value: string | number | null): string => (value === null ? 'not set' : String(value));
const bps = (value: number): string => `${value} bps`;

function line(key: string, name: string, value: string | number, meaning: string): SettingLine {
  return { key, name, value: String(value), meaning };
}

/** Every setting in words, grouped as the trader thinks of them. */
export function settingGroups(settings: Settings): readonly SettingGroup[] {
  const groups = [trading(settings), risk(settings), breaker(settings), voting(settings), llm(settings)];
  return [
    ...groups,
    entries(settings),
    simulation(settings),
    kept(settings),
    connections(settings),
    desktop(settings),
  ];
}

function trading(settings: Settings): SettingGroup {
  const { mode, timeframe, capital, strategy, exchange } = settings;
  const symbols = symbolsOf(settings);
  const decimals = moneyDecimals(quoteOf(symbols[0] ?? ''));
  return {
    title: 'Trading',
    lines: [
      line('mode', 'Mode', MODE_WORDS[mode].name, MODE_WORDS[mode].meaning),
      line('symbols', 'Symbols', symbols.join(', '), 'The markets that are watched and traded'),
      line('timeframe', 'Candle', timeframe, 'Each that closes is judged; trend decides once a day'),
      line('capital', 'Capital', money(capital, decimals), 'What a new ledger starts with'),
      line(
        'strategy.id',
        'Strategy',
        strategy.id,
        `Who decides. ${strategy.id} ${strategyLabel(strategy.id)}`,
      ),
      line(
        'exchange.id',
        'Exchange',
        exchange.id,
        'The venue of market data, and of orders in sandbox and live',
      ),
    ],
  };
}

function risk({ safety }: Settings): SettingGroup {
  return {
    title: 'Risk and limits',
    lines: [
      line(
        'safety.riskPerTrade',
        'Risk per trade',
        share(safety.riskPerTrade),
        'Share of equity lost when a stop is hit',
      ),
      line(
        'safety.stopAtr',
        'Stop distance',
        `${safety.stopAtr} ATR`,
        'From the entry, in average true ranges',
      ),
      line('safety.maxPositions', 'Positions at most', safety.maxPositions, 'Open at the same time'),
      line(
        'safety.maxSymbolExposure',
        'In one symbol',
        share(safety.maxSymbolExposure),
        'Of equity at most, open orders included',
      ),
      line(
        'safety.maxStrategyExposure',
        'In one strategy',
        share(safety.maxStrategyExposure),
        'Of equity at most',
      ),
      line(
        'safety.maxGroupExposure',
        'In what moves together',
        share(safety.maxGroupExposure),
        'Of equity at most, in symbols whose days of the last 60 correlate above 0.7; those with less than 30 days known count as one group',
      ),
      line(
        'safety.maxPortfolioExposure',
        'Altogether',
        share(safety.maxPortfolioExposure),
        'Of equity at most',
      ),
      line(
        'safety.maxOpenRisk',
        'Open risk',
        share(safety.maxOpenRisk),
        'Of equity at most, if every stop is hit; a position without a stop counts with all its worth',
      ),
      line(
        'safety.minEntryShare',
        'Smallest entry',
        share(safety.minEntryShare),
        'Of equity; one that the limits clip below it is not made',
      ),
      line(
        'safety.maxEntryDrift',
        'Price may move',
        `${safety.maxEntryDrift} ATR`,
        'Between decision and order, up or down; an entry whose price moved further is not sent',
      ),
      line(
        'safety.costMultiple',
        'Cost gate',
        safety.costMultiple === 0 ? 'off' : `${safety.costMultiple} × costs`,
        safety.costMultiple === 0
          ? 'Entries may cost more than they can earn'
          : 'An entry must expect to earn more than this; 0 turns the gate off',
      ),
      line(
        'safety.minHoldBars',
        'Hold at least',
        `${safety.minHoldBars} bars`,
        'Before the strategy may close; stops never wait',
      ),
      line(
        'safety.reentryWaitBars',
        'Wait after an exit',
        `${safety.reentryWaitBars} bars`,
        'Before the same symbol is entered again',
      ),
      line(
        'safety.maxEntriesPerHour',
        'Entries an hour',
        safety.maxEntriesPerHour,
        'At most, all symbols together',
      ),
      line(
        'safety.maxEntriesPerDay',
        'Entries a day',
        safety.maxEntriesPerDay,
        'At most since midnight UTC, all symbols together',
      ),
    ],
  };
}

function breaker({ safety }: Settings): SettingGroup {
  const floor = `Judged from ${safety.minSample} observations on`;
  return {
    title: 'Circuit breaker',
    lines: [
      line(
        'safety.maxDailyLoss',
        'Daily loss',
        share(safety.maxDailyLoss),
        'Of equity; reaching it stops entries',
      ),
      line(
        'safety.profitLock',
        'Profit lock',
        safety.profitLock === null ? 'off' : share(safety.profitLock),
        'Gain of the UTC day, of the equity at its start, that ends its entries; exits go on',
      ),
      line('safety.maxDrawdown', 'Drawdown', share(safety.maxDrawdown), 'From the highest equity'),
      line('safety.maxConsecutiveLosses', 'Losses in a row', safety.maxConsecutiveLosses, 'Stop entries'),
      line(
        'safety.minWinRate',
        'Win rate',
        share(safety.minWinRate),
        `At least, of the last ${safety.winRateTrades} trades. ${floor}`,
      ),
      line(
        'safety.minSharpe',
        'Sharpe',
        safety.minSharpe,
        `At least, over ${safety.sharpeDays} days. ${floor}`,
      ),
      line(
        'safety.haltHours',
        'Pause',
        `${safety.haltHours} h`,
        'How long entries rest after it trips; exits go on',
      ),
      line(
        'safety.drawdownRelease',
        'After a drawdown',
        safety.drawdownRelease === 'after-halt' ? 'after the pause' : 'when you release it',
        'Entries go on; the drawdown is measured anew from then on',
      ),
    ],
  };
}

function voting({ consensus, models }: Settings): SettingGroup {
  return {
    title: 'Consensus',
    lines: [
      line(
        'consensus.quorum',
        'Quorum',
        `${consensus.quorum} voters`,
        'With fewer opinions nothing is traded',
      ),
      line(
        'models.cacheMb',
        'Models in memory',
        `${models.cacheMb} MB`,
        'What is used least is closed first',
      ),
      ...REGIMES.map((regime) => {
        const { bull, bear, ensemble } = consensus.weights[regime];
        const weights = [bull, bear, ensemble].map((weight) => fixed(weight, 2)).join(' / ');
        const lead = `Weights of Bull / Bear / Ensemble; must lead by ${fixed(consensus.thresholds[regime], 2)}`;
        return line(`consensus.weights.${regime}`, `In a ${regime} market`, weights, lead);
      }),
    ],
  };
}

function llm({
  llm: { enabled, baseUrl, model, fallbacks, debate, thinking, rebuttalRounds, timeoutMs, dailyBudgetUsd },
}: Settings): SettingGroup {
  const analysts = enabled ? 'LLM' : 'rules';
  return {
    title: 'Analysts',
    lines: [
      line(
        'llm.enabled',
        'Bull and Bear are',
        analysts,
        'Without a language model, fixed rules speak for them',
      ),
      line('llm.baseUrl', 'Endpoint', baseUrl, 'Any OpenAI-compatible server, also one on this machine'),
      line('llm.model', 'Model', orNot(model), 'Who answers for Bull and Bear'),
      line(
        'llm.fallbacks',
        'Fallbacks',
        fallbacks.length === 0 ? 'none' : fallbacks.map((one) => one.model).join(', '),
        'Asked in this order when the model before cannot answer, in the same time and budget',
      ),
      line(
        'llm.debate',
        'Debate anew',
        debate.moveSigmas === 0 ? 'always' : `${debate.moveSigmas} σ or ${debate.everyBars} bars`,
        'After such a move of the price or so long, or a change of regime or position; else the last debate stands',
      ),
      line(
        'llm.thinking',
        'Thinking',
        thinking === 'off' ? 'switched off' : 'as the model likes',
        'Thoughts are paid as output',
      ),
      line('llm.rebuttalRounds', 'Rebuttals', rebuttalRounds, 'How often each answers the other'),
      line(
        'llm.timeoutMs',
        'Patience',
        `${timeoutMs / 1_000} s`,
        'An answer that takes longer counts as abstaining',
      ),
      line(
        'llm.dailyBudgetUsd',
        'Budget a day',
        `$${fixed(dailyBudgetUsd, 2)}`,
        'When it is spent the analysts abstain',
      ),
    ],
  };
}

function entries({ execution }: Settings): SettingGroup {
  const { entry, bandBps, repriceMs, timeoutMs, afterTimeout } = execution;
  const way = line(
    'execution.entry',
    'Entries',
    entry === 'taker' ? 'as taker' : 'as maker first',
    entry === 'taker'
      ? 'They fill at once, at what others offer'
      : 'They rest at the best price before they take',
  );
  if (entry === 'taker') return { title: 'Orders', lines: [way] };
  const end = afterTimeout === 'taker' ? 'what has not filled is taken' : 'what has not filled is given up';
  return {
    title: 'Orders',
    lines: [
      way,
      line('execution.bandBps', 'Band', bps(bandBps), 'How far they go from the price of the decision'),
      line(
        'execution.repriceMs',
        'New price',
        `${repriceMs / 1_000} s`,
        'So long an order that the price has left stays',
      ),
      line('execution.timeoutMs', 'Time-out', `${timeoutMs / 1_000} s`, `Then ${end}`),
      line('execution.afterTimeout', 'After that', afterTimeout, `At the time-out ${end}`),
    ],
  };
}

function simulation({ simulation: terms }: Settings): SettingGroup {
  return {
    title: 'Simulated exchange',
    lines: [
      line('simulation.makerFeeBps', 'Maker fee', bps(terms.makerFeeBps), 'For orders that rest'),
      line('simulation.takerFeeBps', 'Taker fee', bps(terms.takerFeeBps), 'For orders that fill at once'),
      line('simulation.spreadBps', 'Spread', bps(terms.spreadBps), 'Between bid and ask'),
      line('simulation.slippageBps', 'Slippage', bps(terms.slippageBps), 'By which market orders fill worse'),
      line('simulation.latencyMs', 'Latency', `${terms.latencyMs} ms`, 'Until an order reaches the exchange'),
      line(
        'simulation.maxVolumeShare',
        'Share of volume',
        share(terms.maxVolumeShare),
        'That an order may take of what is traded',
      ),
      line('simulation.seed', 'Seed', terms.seed, 'The same seed gives the same market'),
    ],
  };
}

function kept({ storage }: Settings): SettingGroup {
  const days = (value: number | null): string => (value === null ? 'for ever' : `${value} days`);
  return {
    title: 'How long it is kept',
    lines: [
      line(
        'storage.heldDecisionDays',
        'Decisions that held',
        days(storage.heldDecisionDays),
        'Those that traded or were blocked stay, as orders, fills and trades do',
      ),
      line(
        'storage.llmCallDays',
        'Calls of language models',
        days(storage.llmCallDays),
        'A backtest replays them at no cost',
      ),
      line('storage.predictionDays', 'Predictions', days(storage.predictionDays), 'Of the four models'),
      line(
        'storage.fineEquityDays',
        'Every point of the equity curve',
        days(storage.fineEquityDays),
        'After that, the first, last, lowest and highest of each hour',
      ),
      line('storage.alertDays', 'Alerts', days(storage.alertDays), 'Critical ones stay'),
      line('storage.logDays', 'Log files', days(storage.logDays), 'Those that are full'),
    ],
  };
}

function connections({ alerts, timescale, api }: Settings): SettingGroup {
  const { slack, email, telegram, webhook } = alerts;
  return {
    title: 'Alerts and connections',
    lines: [
      line(
        'alerts.telegram.enabled',
        'Telegram',
        telegram.enabled ? `to the chat ${telegram.chatId}` : 'off',
        telegram.commands
          ? 'The chat that gets alerts, and may send /status, /positions, /pnl, /pause and /kill'
          : 'The chat that gets alerts; it is not listened to',
      ),
      line(
        'alerts.slack.enabled',
        'Slack',
        slack.enabled ? `from ${slack.least} on` : 'off',
        'A webhook that gets alerts; its address: tradebot keys set slack.webhookUrl',
      ),
      line(
        'alerts.webhook.enabled',
        'Webhook',
        webhook.enabled ? `as ${webhook.template}, from ${webhook.least} on` : 'off',
        'ntfy, Discord, Gotify or any other server; its address: tradebot keys set webhook.url',
      ),
      line(
        'alerts.email.enabled',
        'E-mail',
        email.enabled ? email.to.join(', ') : 'off',
        'Who gets alerts by mail; the password: tradebot keys set email.password',
      ),
      line(
        'timescale.url',
        'TimescaleDB',
        timescale.url === null ? 'not set' : 'set',
        'A server that gets a copy of the history',
      ),
      line(
        'api.port',
        'Browser and API',
        api.port === 0 ? '127.0.0.1, any free port' : `127.0.0.1:${api.port}`,
        'Where the page, REST and WebSocket are served when run from the command line; the desktop application serves none',
      ),
    ],
  };
}

/** As `emergencyShortcut` in core/platform has them, which a test compares. */
export const USUAL_EMERGENCY_KEYS = { elsewhere: 'Ctrl+Shift+F9', mac: '⌥⌘K' } as const;

function desktop({ desktop: { emergencyShortcut, autoLaunch } }: Settings): SettingGroup {
  const { elsewhere, mac } = USUAL_EMERGENCY_KEYS;
  return {
    title: 'Desktop',
    lines: [
      line(
        'desktop.emergencyShortcut',
        'Emergency keys',
        emergencyShortcut ?? `${elsewhere} (${mac} on a Mac)`,
        'Stop everything from whatever program has the focus, while the desktop application runs',
      ),
      line(
        'desktop.autoLaunch',
        'Start with the session',
        autoLaunch ? 'yes' : 'no',
        'The installed desktop application starts in the tray when you log in',
      ),
    ],
  };
}
