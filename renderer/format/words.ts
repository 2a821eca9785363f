import type {
  DecisionOutcome,
  FillPurpose,
  Mode,
  OrderStatus,
  OrderType,
  PositionView,
  SafetyLayer,
  StatusView,
  Voter,
  VoteView,
} from '../../core/contract/index.ts';

/** The program's words in the trader's language. */

/** Whose money is at stake: it decides how the whole window looks. */
export type Stake = 'paper' | 'test' | 'live';

export const STAKES: Readonly<Record<Mode, Stake>> = {
  demo: 'paper',
  replay: 'paper',
  paper: 'paper',
  sandbox: 'test',
  live: 'live',
};

export const MODE_WORDS: Readonly<Record<Mode, { readonly name: string; readonly meaning: string }>> = {
  demo: { name: 'DEMO', meaning: 'Simulated market, paper money' },
  replay: { name: 'REPLAY', meaning: 'Recorded market, paper money' },
  paper: { name: 'PAPER', meaning: 'Real market, paper money' },
  sandbox: { name: 'SANDBOX', meaning: 'Test exchange, test money' },
  live: { name: 'LIVE', meaning: 'Real market, real money' },
};

export const OUTCOME_WORDS: Readonly<Record<DecisionOutcome, string>> = {
  traded: 'Traded',
  held: 'No trade',
  blocked: 'Blocked',
};

export const VOTER_WORDS: Readonly<Record<Voter, string>> = {
  bull: 'Bull',
  bear: 'Bear',
  ensemble: 'Ensemble',
};

export const SOURCE_WORDS: Readonly<
  Record<VoteView['source'], { readonly name: string; readonly meaning: string }>
> = {
  rules: { name: 'rules', meaning: 'Fixed rules, no language model' },
  llm: { name: 'LLM', meaning: 'A language model' },
  models: { name: 'models', meaning: 'The trained models' },
};

export const LAYER_WORDS: Readonly<Record<SafetyLayer, string>> = {
  'kill-switch': 'Kill switch',
  'circuit-breaker': 'Circuit breaker',
  'data-health': 'Data health',
  'position-limits': 'Position limits',
  'cost-gate': 'Cost gate',
  'churn-throttle': 'Churn throttle',
};

export const STATUS_WORDS: Readonly<Record<OrderStatus, string>> = {
  INTENT: 'Intent',
  SENT: 'Sent',
  OPEN: 'Open',
  PARTIALLY_FILLED: 'Part filled',
  FILLED: 'Filled',
  CANCELED: 'Cancelled',
  REJECTED: 'Rejected',
  EXPIRED: 'Expired',
  UNKNOWN: 'Unknown',
};

/** Why something was ordered or filled; `external` was no order of this program. */
export const PURPOSE_WORDS: Readonly<Record<FillPurpose, string>> = {
  entry: 'Entry',
  exit: 'Exit',
  protection: 'Stop',
  emergency: 'Emergency',
  external: 'By another hand',
};

/** How a position is guarded, and what that means. */
export const PROTECTION_WORDS: Readonly<
  Record<PositionView['protection'], { readonly name: string; readonly meaning: string }>
> = {
  venue: {
    name: 'Venue stop',
    meaning: 'A stop order rests at the venue. It works without this program.',
  },
  engine: {
    name: 'Watched by this program',
    meaning:
      'No stop rests at the venue. This program watches the price and closes the position at its stop, as long as it runs and reaches the venue.',
  },
  none: {
    name: 'Not protected',
    meaning:
      'No stop rests at the venue, and there is none that this program could watch. Close the position, or place a stop at the venue.',
  },
};

/** Stands for what the venue has still to tell. */
export const UNTOLD = 'not told yet';

export const TYPE_WORDS: Readonly<Record<OrderType, string>> = {
  market: 'Market',
  limit: 'Limit',
  stop: 'Stop',
};

export const TRADING_WORDS: Readonly<Record<StatusView['trading'], string>> = {
  starting: 'Starting',
  running: 'Trading',
  paused: 'Paused',
  halted: 'Halted',
  stopped: 'Stopped',
};

export const STAGE_WORDS: Readonly<Record<StatusView['killSwitch']['stage'], string>> = {
  armed: 'Ready',
  latched: 'No order leaves; cancelling next',
  flattening: 'Cancelling orders and closing positions',
  flat: 'All orders cancelled, positions verified flat',
  failed: 'Not everything could be closed: act at the venue',
};

/** Why a decision came to nothing or to an order, as words: `cost-gate:too-costly` is `cost gate: too costly`. */
export function reasonWords(code: string): string {
  return code.split(':').map(words).join(': ');
}

/** `min-notional` and `minNotional` as words: `min notional`. */
export function words(code: string): string {
  return code
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase();
}
