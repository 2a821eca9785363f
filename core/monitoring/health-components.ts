import {
  type GuardianView,
  HEALTH_COMPONENTS,
  type HealthComponent,
  type HealthComponentId,
  type MirrorView,
  NOT_ARMED_CONDITION,
  pauseWords,
  type StatusView,
} from '../contract/index.ts';

/** What is looked at to say how each part of the program does. */
export interface HealthFacts {
  readonly status: StatusView;
  /** Null where nothing real is traded. */
  readonly guardian: GuardianView | null;
  /** Null where no server is set. */
  readonly mirror: Pick<MirrorView, 'state' | 'lastError' | 'backlog'> | null;
}

export type Finding = Omit<HealthComponent, 'since'>;
type Judgement = Omit<Finding, 'id'>;

/** How each part does, in the contract's order. */
export function componentsOf(facts: HealthFacts): readonly Finding[] {
  return HEALTH_COMPONENTS.map((id) => ({ id, ...JUDGES[id](facts) }));
}

const JUDGES: Readonly<Record<HealthComponentId, (facts: HealthFacts) => Judgement>> = {
  engine: ({ status }) => engine(status),
  'kill-switch': ({ status: { killSwitch } }) => {
    if (!killSwitch.engaged) return ok('armed, not pressed');
    const why = killSwitch.reason === null ? '' : `: ${killSwitch.reason}`;
    const wrong = killSwitch.failures.length === 0 ? '' : `; ${killSwitch.failures.join('; ')}`;
    const advice =
      'see on the Safety page that everything is closed, then reset it there or with `tradebot resume`';
    return failed(`pressed (${killSwitch.stage})${why}${wrong}`, advice);
  },
  'circuit-breaker': ({ status: { breaker } }) =>
    breaker.tripped
      ? failed(
          `tripped: ${breaker.reason ?? 'unknown'}`,
          'look at what was lost and why; the Safety page says whether it ends by itself or by you',
        )
      : ok('no limit of loss is reached'),
  'market-data': ({ status }) => marketData(status),
  venue: ({ status }) => venue(status),
  clock: ({ status }) =>
    conditionOf(status, 'clock', failed, 'set this machine’s clock, best by its time service') ??
    ok('no difference that matters was measured'),
  books: ({ status }) => books(status),
  protection: ({ status }) =>
    conditionOf(
      status,
      'protection:',
      degraded,
      'keep the program running, or close the position yourself',
    ) ?? ok('every open position has a stop at the venue, or nothing is open'),
  guardian: ({ guardian }) => (guardian === null ? off('nothing real is traded') : watcher(guardian)),
  strategy: ({ status }) =>
    conditionOf(
      status,
      'strategy',
      failed,
      'mend its file: `tradebot strategy check FILE` says what is wrong',
    ) ?? ok(status.strategy),
  models: ({ status: { models } }) =>
    models.installed > 0
      ? ok(models.message)
      : degraded(
          models.message,
          '`tradebot ml list` shows the sets there are, `tradebot doctor` what is wrong',
        ),
  'language-models': ({ status }) => languageModels(status),
  ledger: ({ status }) =>
    conditionOf(status, 'ledger', failed, 'free the disk or mend its rights: it is tried again by itself') ??
    ok('orders and fills are written'),
  storage: ({ status }) =>
    conditionOf(
      status,
      'store:',
      degraded,
      'free the disk or mend its rights: it is tried again by itself',
    ) ?? ok('everything is written'),
  mirror: ({ mirror }) => (mirror === null ? off('no server is set (timescale.url)') : copy(mirror)),
};

function engine(status: StatusView): Judgement {
  switch (status.trading) {
    case 'running': {
      const arming = conditionOf(status, NOT_ARMED_CONDITION, degraded, 'arm it: `tradebot arm`');
      return arming ?? conditionOf(status, 'held', degraded, null) ?? ok('trading');
    }
    case 'starting':
      return degraded('starting', 'wait a moment');
    case 'paused':
      return degraded(
        status.pause === null ? 'paused' : `paused ${pauseWords(status.pause)}`,
        'press Resume, or run `tradebot unpause`, when it is to go on',
      );
    case 'halted':
      return failed('halted by the kill switch', 'reset the kill switch when everything is closed');
    case 'stopped':
      return failed(status.message, 'start the program again');
  }
}

function marketData({ markets, feed }: StatusView): Judgement {
  const advice = 'see that the machine has a network; it connects again by itself';
  const silent = markets.filter(({ stale }) => stale);
  if (silent.length > 0) {
    const lines = silent.map(({ symbol, message }) => `${symbol}: ${message}`).join('; ');
    return silent.length === markets.length ? failed(lines, advice) : degraded(lines, advice);
  }
  if (feed.stale) return failed('it is stale', advice);
  const foreign = markets.filter(({ tradable }) => !tradable);
  if (foreign.length > 0)
    return degraded(
      foreign.map(({ message }) => message).join('; '),
      'take it out of `symbols`, or choose a venue that has it',
    );
  return ok(feed.lastMessageAgeMs === null ? 'nothing has come yet' : 'it comes');
}

function venue(status: StatusView): Judgement {
  if (status.venue === null) return off('the market is simulated');
  const { orders } = status.venue;
  if (orders === null) return off(`orders stay on this machine; prices come from ${status.exchange}`);
  const why = orders.message === '' ? '' : `: ${orders.message}`;
  switch (orders.state) {
    case 'connected':
      return ok(`${status.exchange} answers`);
    case 'connecting':
      return degraded(`${status.exchange} is being connected${why}`, 'wait a moment');
    case 'disconnected':
    case 'closed':
      return failed(
        `${status.exchange} is ${orders.state}${why}`,
        'see the venue’s own status page and this machine’s network; it connects again by itself',
      );
  }
}

function books(status: StatusView): Judgement {
  const advice = '`tradebot status` lists what differs; what you did at the venue by hand you may undo there';
  const { green, at, differences } = status.reconciliation;
  if (!green && at === null) return degraded('they were not compared with the venue yet', 'wait a moment');
  if (!green) return failed(differences.join('; ') || 'they and the venue differ', advice);
  return (
    conditionOf(status, 'differs:', failed, advice) ??
    conditionOf(status, 'frozen:', degraded, 'wait for the venue’s answer') ??
    conditionOf(status, 'not-compared', degraded, 'wait a moment') ??
    ok('they agree with the venue')
  );
}

function watcher({ state, restarts }: GuardianView): Judgement {
  const times = restarts === 0 ? '' : `; started again ${restarts === 1 ? 'once' : `${restarts} times`}`;
  switch (state) {
    case 'watching':
      return ok(`it watches${times}`);
    case 'starting':
      return degraded(`it is being started${times}`, 'wait a moment');
    case 'missing':
      return degraded(`it has ended${times}`, 'it is started again by itself');
    case 'failed':
      return failed(
        `it ends again and again${times}`,
        'start the program again: should it hang now, nobody closes what is open',
      );
  }
}

function languageModels({ llm }: StatusView): Judgement {
  if (llm === null) return off('none speaks');
  if (llm.standIn !== null)
    return degraded(llm.standIn, '`tradebot doctor` asks each one; the Analysts page shows their calls');
  if (llm.spentTodayUsd >= llm.dailyBudgetUsd)
    return degraded('the budget of the day is spent', 'wait for tomorrow, or raise llm.dailyBudgetUsd');
  return ok('they answer');
}

function copy({ state, lastError, backlog }: NonNullable<HealthFacts['mirror']>): Judgement {
  const rows = backlog === 0 ? 'everything is told' : `${backlog} rows are not told yet`;
  const advice = 'see the server and timescale.url; nothing is lost: what is not told waits on this disk';
  if (state === 'up') return lastError === null ? ok(rows) : degraded(`${lastError}; ${rows}`, advice);
  return degraded(`${lastError ?? `it is ${state}`}; ${rows}`, advice);
}

type Verdict = (reason: string, advice: string | null) => Judgement;
const ok = (reason: string): Judgement => ({ state: 'ok', reason, advice: null });
const off = (reason: string): Judgement => ({ state: 'off', reason, advice: null });
const degraded: Verdict = (reason, advice) => ({ state: 'degraded', reason, advice });
const failed: Verdict = (reason, advice) => ({ state: 'failed', reason, advice });

/** What the conditions that begin so say; undefined where there is none. */
function conditionOf(
  { conditions }: StatusView,
  beginning: string,
  verdict: Verdict,
  advice: string | null,
): Judgement | undefined {
  const found = conditions.filter(
    ({ id }) => id === beginning || (beginning.endsWith(':') && id.startsWith(beginning)),
  );
  return found.length === 0 ? undefined : verdict(found.map(({ message }) => message).join('; '), advice);
}
