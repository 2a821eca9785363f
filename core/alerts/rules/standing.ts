import type { AlertRule, AlertSettings, MirrorView, Severity, StatusView } from '../../contract/index.ts';
import type { UtcMs } from '../../domain/index.ts';

/** What the program knows of itself when it is looked at. */
export interface WatchedFacts {
  readonly status: Pick<
    StatusView,
    'markets' | 'llm' | 'strategy' | 'marketTime' | 'conditions' | 'reconciliation'
  >;
  /** Loss from the account's peak, as a share; null: the account has no price yet. */
  readonly drawdown: number | null;
  /** Null: there is no server that mirrors the books. */
  readonly mirror: Pick<MirrorView, 'lagMs' | 'state'> | null;
  /** Null: it is not known. */
  readonly freeDiskBytes: number | null;
  /** The models in use; null: none are. */
  readonly models: { readonly setId: string; readonly validUntil: UtcMs } | null;
}

/** Something that is the case: told once when it begins, and over when it is not the case any more. */
export interface Standing {
  readonly key: string;
  readonly rule: AlertRule;
  readonly severity: Severity;
  readonly title: string;
  readonly message: string;
  /** For so long it has to be the case before it is told. */
  readonly afterMs: number;
}

export type RuleSettings = Pick<
  AlertSettings,
  'drawdown' | 'llmBudgetShare' | 'syncLagMinutes' | 'minFreeDiskGb'
>;

const DAY_MS = 86_400_000;
const EXPIRY_WARNING_DAYS = 14;
/** Data is late for a moment at every reconnection. */
const DATA_MS = 60_000;
const STORE_MS = 30_000;
/** What has been told counts as over when it has got better by this much. */
const BETTER = 0.8;

/** Everything that is the case. `isTold` keeps what goes to and fro around its limit from being told each time. */
export function standing(
  facts: WatchedFacts,
  settings: RuleSettings,
  isTold: (key: string) => boolean,
): readonly Standing[] {
  return [
    ...drawdown(facts, settings, isTold('drawdown')),
    ...oldData(facts),
    ...llmBudget(facts, settings),
    ...modelExpiry(facts),
    ...syncLag(facts, settings),
    ...disk(facts, settings, isTold('disk')),
    ...conditions(facts),
  ];
}

function drawdown(
  { drawdown: share }: WatchedFacts,
  { drawdown: limit }: RuleSettings,
  told: boolean,
): Standing[] {
  if (share === null || share < (told ? limit * BETTER : limit)) return [];
  const message = `the account is ${percent(share)} below its peak; told from ${percent(limit)} on`;
  return [{ key: 'drawdown', rule: 'drawdown', severity: 'warning', title: 'Drawdown', message, afterMs: 0 }];
}

function oldData({ status }: WatchedFacts): Standing[] {
  const old = status.markets.filter(({ stale }) => stale);
  if (old.length === 0) return [];
  const message = old.map(({ symbol, message: why }) => `${symbol}: ${why}`).join('; ');
  const title = 'Market data is too old';
  return [{ key: 'data', rule: 'data', severity: 'warning', title, message, afterMs: DATA_MS }];
}

function llmBudget({ status }: WatchedFacts, { llmBudgetShare }: RuleSettings): Standing[] {
  const { llm } = status;
  if (llm === null || llm.dailyBudgetUsd <= 0) return [];
  const share = llm.spentTodayUsd / llm.dailyBudgetUsd;
  if (share < llmBudgetShare) return [];
  const message = `${llm.spentTodayUsd.toFixed(2)} of ${llm.dailyBudgetUsd.toFixed(2)} USD of today are spent`;
  const rule = { rule: 'llm-budget', severity: 'warning', message, afterMs: 0 } as const;
  return share >= 1
    ? [{ ...rule, key: 'llm-budget-spent', title: 'The budget of the language models is used up' }]
    : [{ ...rule, key: 'llm-budget', title: 'The budget of the language models runs out' }];
}

/** Strategies in which the models have a vote. */
const VOTED_BY_MODELS: readonly string[] = ['ensemble', 'ml'];

/** Only where their vote counts. */
function modelExpiry({ status, models }: WatchedFacts): Standing[] {
  if (models === null || !VOTED_BY_MODELS.includes(status.strategy)) return [];
  const days = Math.floor((models.validUntil - status.marketTime) / DAY_MS);
  if (days > EXPIRY_WARNING_DAYS) return [];
  const rule = { rule: 'model-expiry', severity: 'warning', afterMs: 0 } as const;
  const until = new Date(models.validUntil).toISOString().slice(0, 10);
  return days < 0
    ? [
        {
          ...rule,
          key: 'model-expired',
          title: 'The models have expired',
          message: `${models.setId} was good until ${until} and has no vote any more: train or install a newer set`,
        },
      ]
    : [
        {
          ...rule,
          key: 'model-expiry',
          title: 'The models expire soon',
          message: `${models.setId} is good until ${until}: train or install a newer set`,
        },
      ];
}

function syncLag({ mirror }: WatchedFacts, { syncLagMinutes }: RuleSettings): Standing[] {
  const minutes = (mirror?.lagMs ?? 0) / 60_000;
  if (minutes < syncLagMinutes) return [];
  const message = `the server lacks what is older than ${Math.floor(minutes)} min; it is ${mirror?.state ?? 'down'}`;
  const title = 'The mirror of the books lags behind';
  return [{ key: 'sync-lag', rule: 'sync-lag', severity: 'warning', title, message, afterMs: 0 }];
}

function disk({ freeDiskBytes }: WatchedFacts, { minFreeDiskGb }: RuleSettings, told: boolean): Standing[] {
  if (freeDiskBytes === null) return [];
  const freeGb = freeDiskBytes / 1e9;
  if (freeGb >= (told ? minFreeDiskGb / BETTER : minFreeDiskGb)) return [];
  const message = `${freeGb.toFixed(2)} GB are free where the books are: make room before nothing can be stored`;
  const title = 'The disk is nearly full';
  const severity = freeGb < minFreeDiskGb / 10 ? 'critical' : 'warning';
  return [{ key: 'disk', rule: 'disk', severity, title, message, afterMs: 0 }];
}

/** What the status says at the top of every page, as far as nothing else tells of it. */
const TOLD_CONDITIONS: readonly {
  readonly begins: string;
  readonly rule: AlertRule;
  readonly severity: Severity;
  readonly title: string;
  readonly afterMs: number;
}[] = [
  { begins: 'clock', rule: 'venue', severity: 'critical', title: 'The clock is wrong', afterMs: 0 },
  { begins: 'frozen:', rule: 'venue', severity: 'warning', title: 'A symbol is frozen', afterMs: DATA_MS },
  {
    begins: 'store:',
    rule: 'disk',
    severity: 'warning',
    title: 'Something cannot be stored',
    afterMs: STORE_MS,
  },
];

function conditions({ status }: WatchedFacts): Standing[] {
  return status.conditions.flatMap(({ id, message }) => {
    const told = TOLD_CONDITIONS.find(({ begins }) => id.startsWith(begins));
    if (told === undefined) return [];
    const { begins: _, ...rest } = told;
    return [{ ...rest, key: id, message }];
  });
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
