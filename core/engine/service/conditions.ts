import { COST_GATE_CONDITION, type Condition, NOT_ARMED_CONDITION } from '../../contract/index.ts';
import type { Connection, Position } from '../../domain/index.ts';
import type { Protection } from '../../execution/index.ts';
import { MAX_CLOCK_OFFSET_MS } from '../../safety/index.ts';

/** What of the engine stands against trading as told, or beside it. */
export interface ConditionFacts {
  /** The venue's name. */
  readonly venue: string;
  readonly connection: Connection;
  /** Whether the books and the venue have agreed since the venue was last connected. */
  readonly compared: boolean;
  /** The venue's clock minus ours; null where it was not measured. */
  readonly clockOffsetMs: number | null;
  /** Why the host has entries wait, or null. */
  readonly held: string | null;
  /** Why live trading enters nothing, or null. */
  readonly notArmed: string | null;
  /** Symbols in which nothing may be entered, with the reason. */
  readonly notTradable: readonly string[];
  /** Why nothing is entered in symbols that the trader has locked, a line each. */
  readonly locked: readonly string[];
  /** Why the order ledger cannot be written, or null. */
  readonly ledgerFault: string | null;
  /** Why the strategy in use buys nothing any more, or null. */
  readonly strategyFault: string | null;
  /** What else cannot be stored, a line each. */
  readonly storeFaults: readonly string[];
  /** Symbols in doubt, with the reason. */
  readonly frozen: ReadonlyMap<string, string>;
  /** Symbols on which the venue is not as our books have it, with the reason. */
  readonly differing: ReadonlyMap<string, string>;
  readonly positions: readonly Pick<Position, 'symbol'>[];
  protectionOf(symbol: string): Pick<Protection, 'protection'>;
  /** What the last comparison with the venue found that stands against nothing. */
  readonly notes: readonly string[];
  /** What the trader is to know of the account's opening, or null. */
  readonly accountNotice: string | null;
  /** How many times its costs an entry must expect to earn; 0: the gate is off. */
  readonly costMultiple: number;
}

/** Everything that the trader must not overlook on any page, most urgent first; each says what it stops. */
export function conditionsOf(facts: ConditionFacts): Condition[] {
  const { positions, frozen, storeFaults, accountNotice, held, notArmed, notes } = facts;
  return [
    ...positions.flatMap(({ symbol }) => protectionCondition(symbol, facts.protectionOf(symbol))),
    ...ledgerCondition(facts),
    ...connectionCondition(facts),
    ...comparisonCondition(facts),
    ...clockCondition(facts),
    ...(held === null ? [] : [warning('held', `No entries: ${held}; exits and stops go on`)]),
    ...(notArmed === null ? [] : [warning(NOT_ARMED_CONDITION, notArmed)]),
    ...[...frozen].map(([symbol, reason]) => frozenCondition(symbol, reason)),
    ...differingConditions(facts),
    ...facts.notTradable.map((reason) => warning(`not-tradable:${reason.split(' ')[0]}`, reason)),
    ...facts.locked.map((reason) => warning(`locked:${reason}`, `${reason}; exits and stops go on`)),
    ...strategyCondition(facts),
    ...storeFaults.map((fault) => warning(`store:${fault.split(' ')[0]}`, fault)),
    ...costGateCondition(facts),
    ...(accountNotice === null ? [] : [info('account', accountNotice)]),
    ...notes.map((note) => info(`note:${note}`, note)),
  ];
}

function protectionCondition(symbol: string, { protection }: Pick<Protection, 'protection'>): Condition[] {
  switch (protection) {
    case 'venue':
      return [];
    case 'engine':
      return [
        critical(
          `protection:${symbol}`,
          `${symbol} has no stop at the venue: this program watches the price and closes it, as long as it runs`,
        ),
      ];
    case 'none':
      return [
        critical(
          `protection:${symbol}`,
          `${symbol} is not protected: no stop at the venue, none that this program could watch`,
        ),
      ];
  }
}

function strategyCondition({ strategyFault }: ConditionFacts): Condition[] {
  if (strategyFault === null) return [];
  return [
    critical(
      'strategy',
      `${strategyFault}. Nothing is bought until its file is another one; exits and stops go on`,
    ),
  ];
}

function ledgerCondition({ ledgerFault }: ConditionFacts): Condition[] {
  return ledgerFault === null ? [] : [critical('ledger', `${ledgerFault}; exits and stops go on`)];
}

function connectionCondition({ venue, connection }: ConditionFacts): Condition[] {
  if (connection.state === 'connected') return [];
  const why = connection.message === '' ? '' : `: ${connection.message}`;
  return [
    critical('connection', `${venue} is ${connection.state}${why}. No entries until it is back and compared`),
  ];
}

/** Without a line there is nothing to compare with, and that is said already. */
function comparisonCondition({ venue, connection, compared }: ConditionFacts): Condition[] {
  if (compared || connection.state !== 'connected') return [];
  const message = `Our books have not been found to agree with ${venue} yet: no entries until they have`;
  return [warning('not-compared', message)];
}

function clockCondition({ venue, clockOffsetMs }: ConditionFacts): Condition[] {
  const offsetMs = clockOffsetMs ?? 0;
  if (Math.abs(offsetMs) <= MAX_CLOCK_OFFSET_MS) return [];
  const seconds = Math.round(Math.abs(offsetMs) / 1_000);
  const direction = offsetMs < 0 ? 'ahead of' : 'behind';
  const message = `The clock of this machine is ${seconds} s ${direction} that of ${venue}: set it. No entries until it is right; exits and stops go on`;
  return [critical('clock', message)];
}

/** Begins as the comparison's own line does: whoever shows both can leave one out. */
function frozenCondition(symbol: string, reason: string): Condition {
  const stops = 'No entries there until the venue has answered; exits and stops go on';
  return warning(`frozen:${symbol}`, `${symbol} is frozen: ${reason}. ${stops}`);
}

/** What differs in the account's money differs for every symbol: that is said once, with the symbols. */
function differingConditions({ differing }: ConditionFacts): Condition[] {
  const byReason = Map.groupBy(differing.keys(), (symbol) => differing.get(symbol) ?? '');
  return [...byReason].map(([reason, symbols]) =>
    warning(
      `differs:${symbols.join(',')}`,
      `${reason}. Only reducing orders are allowed in ${listed(symbols)} until this is resolved`,
    ),
  );
}

function costGateCondition({ costMultiple }: ConditionFacts): Condition[] {
  if (costMultiple !== 0) return [];
  const message = 'The cost gate is off (safety.costMultiple is 0): entries may cost more than they can earn';
  return [warning(COST_GATE_CONDITION, message)];
}

const LIST = new Intl.ListFormat('en', { type: 'conjunction' });
const listed = (items: readonly string[]): string => LIST.format(items);

const critical = (id: string, message: string): Condition => ({ id, severity: 'critical', message });
const warning = (id: string, message: string): Condition => ({ id, severity: 'warning', message });
const info = (id: string, message: string): Condition => ({ id, severity: 'info', message });
