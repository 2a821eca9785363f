import type { Condition } from '../../contract/index.ts';
import type { Connection, Position } from '../../domain/index.ts';
import type { Protection } from '../../execution/index.ts';

/** What of the engine stands against trading as told, or beside it. */
export interface ConditionFacts {
  /** The venue's name. */
  readonly venue: string;
  readonly connection: Connection;
  /** Why the order ledger cannot be written, or null. */
  readonly ledgerFault: string | null;
  /** What else cannot be stored, a line each. */
  readonly storeFaults: readonly string[];
  /** Symbols in doubt, with the reason. */
  readonly frozen: ReadonlyMap<string, string>;
  /** Symbols on which the venue is not as our books have it, with the reason. */
  readonly differing: ReadonlyMap<string, string>;
  readonly positions: readonly Position[];
  protectionOf(symbol: string): Protection;
  /** What the last comparison with the venue found that stands against nothing. */
  readonly notes: readonly string[];
  /** What the trader is to know of the account's opening, or null. */
  readonly accountNotice: string | null;
  /** How many times its costs an entry must expect to earn; 0: the gate is off. */
  readonly costMultiple: number;
}

/** Everything that the trader must not overlook on any page, most urgent first; each says what it stops. */
export function conditionsOf(facts: ConditionFacts): Condition[] {
  return [
    ...facts.positions.flatMap(({ symbol }) => protectionCondition(symbol, facts.protectionOf(symbol))),
    ...(facts.ledgerFault === null
      ? []
      : [critical('ledger', `${facts.ledgerFault}; exits and stops go on`)]),
    ...connectionCondition(facts),
    ...[...facts.frozen].map(([symbol, reason]) =>
      warning(
        `frozen:${symbol}`,
        `${symbol}: ${reason}. No entries there until the venue has answered; exits and stops go on`,
      ),
    ),
    ...[...facts.differing].map(([symbol, reason]) =>
      warning(
        `differs:${symbol}`,
        `${reason}. Only reducing orders are allowed in ${symbol} until this is resolved`,
      ),
    ),
    ...facts.storeFaults.map((fault) => warning(`store:${fault.split(' ')[0]}`, fault)),
    ...(facts.accountNotice === null ? [] : [info('account', facts.accountNotice)]),
    ...facts.notes.map((note) => info(`note:${note}`, note)),
    ...(facts.costMultiple === 0
      ? [
          warning(
            'cost-gate',
            'The cost gate is off (safety.costMultiple is 0): entries may cost more than they can earn',
          ),
        ]
      : []),
  ];
}

function protectionCondition(symbol: string, { protection }: Protection): Condition[] {
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

function connectionCondition({ venue, connection }: ConditionFacts): Condition[] {
  if (connection.state === 'connected') return [];
  const why = connection.message === '' ? '' : `: ${connection.message}`;
  return [
    critical('connection', `${venue} is ${connection.state}${why}. No entries until it is back and compared`),
  ];
}

const critical = (id: string, message: string): Condition => ({ id, severity: 'critical', message });
const warning = (id: string, message: string): Condition => ({ id, severity: 'warning', message });
const info = (id: string, message: string): Condition => ({ id, severity: 'info', message });
