import type { SafetySettings } from '../contract/index.ts';
import {
  type Clock,
  type GateAnswer,
  type KeyRights,
  type Logger,
  type OrderGate,
  type OrderIntent,
  type QuoteAmount,
  quoteAmount,
  type StateDocument,
  type StateStore,
  text,
} from '../domain/index.ts';
import { type Armed, type ArmingState, armingDocument, NEVER_ARMED } from './arming-document.ts';
import { loosened } from './limit-change.ts';

export type { Armed } from './arming-document.ts';

/** What may be lost. */
export interface Stake {
  /** What the account was allotted. */
  readonly capital: QuoteAmount;
  readonly limits: SafetySettings;
}

export interface ArmingOptions {
  readonly state: StateStore;
  /** The wall's. */
  readonly clock: Clock;
  readonly log: Logger;
  /** The venue's id: what the trader types to arm. */
  readonly venue: string;
  /** What halts trading now, in words; null while nothing does. */
  readonly haltOf: () => string | null;
  /** What the venue said last of the key; null before it has said anything. */
  readonly keyRights: () => KeyRights | null;
  readonly stake: () => Stake;
}

/** What else must hold at arming, and what is put at stake. */
export interface ArmingFacts {
  /** Whether the engine trades, is connected, and its books and the venue's agree. */
  readonly reconciliationGreen: boolean;
  /** The money at stake, in words. */
  readonly capital: string;
  /** What would be traded, in words. */
  readonly trades: string;
  /** What the strategy has not shown yet: what stands against real money, and what is only to be known. */
  readonly standing: { readonly obstacles: readonly string[]; readonly warnings: readonly string[] };
}

export interface ArmingDescription {
  readonly armed: boolean;
  readonly allowed: boolean;
  readonly venue: string;
  readonly statement: string;
  readonly obstacles: readonly string[];
  readonly warnings: readonly string[];
  /** The venue does not tell whether the key may withdraw: the trader has to confirm that it may not. */
  readonly confirmNoWithdrawals: boolean;
}

export interface ArmingRequest {
  /** The venue as the trader typed it. */
  readonly venue: string;
  readonly by: string;
  /** The trader has looked at the venue, and the key cannot withdraw. */
  readonly noWithdrawals: boolean;
}

export type ArmingResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

const WHAT_TO_DO = 'arm it by hand with `tradebot arm`; until then nothing is entered, exits and stops go on';

/**
 * Whether the trader's own hand has allowed this account to be traded with real money. It holds over a restart, and
 * ends with the first halt, of the kill switch or of the circuit breaker: what comes after one is for the trader to
 * decide, never for a restart or for the end of a wait. It ends as well when more may be lost than what was armed: more
 * capital, or a looser limit, whoever has changed it. Not armed, only what reduces a position may leave.
 */
export class Arming implements OrderGate {
  readonly #options: ArmingOptions;
  readonly #document: StateDocument<ArmingState>;
  #state: ArmingState;

  constructor(options: ArmingOptions) {
    this.#options = options;
    this.#document = armingDocument(options.state);
    this.#state = this.#document.readOr((fault) => {
      options.log.warn({ fault }, 'live trading is not armed');
      return NEVER_ARMED;
    });
  }

  /** Who armed it when, for what; null while it is not armed. */
  get armed(): Armed | null {
    this.look();
    return this.#state.armed;
  }

  /** Ends the arming when something halts, or more may be lost than what was armed. Cheap: to be called many times a second. */
  look(): void {
    const { armed } = this.#state;
    if (armed === null) return;
    const why = this.#options.haltOf() ?? raisedSince(armed, this.#options.stake());
    if (why === null) return;
    this.#keep({ armed: null, halt: { at: this.#options.clock.now(), why } });
    this.#options.log.warn({ why }, 'live trading is not armed any more');
  }

  /** Why nothing is entered, with what to do; null while entries are allowed. */
  refusal(): string | null {
    const { armed } = this;
    if (armed === null) return `live trading is not armed${this.#since()}: ${WHAT_TO_DO}`;
    const rights = this.#options.keyRights();
    if (rights === null) return 'the venue has not said yet what the key may do: it is asked again';
    const [fault] = faultsOf(rights);
    if (fault !== undefined) return fault;
    if (rights.withdrawals === null && armed.noWithdrawals === 'said-by-venue') {
      return `the venue does not tell any more whether the key may withdraw: ${WHAT_TO_DO}`;
    }
    return null;
  }

  mayLeave({ purpose }: Pick<OrderIntent, 'purpose'>): GateAnswer {
    const message = purpose === 'entry' ? this.refusal() : null;
    return message === null ? { allowed: true } : { allowed: false, code: 'not-armed', message };
  }

  /** Says what arming would do, and what stands against it now. */
  describe(facts: ArmingFacts): ArmingDescription {
    const { venue, haltOf, keyRights } = this.#options;
    const halt = haltOf();
    const rights = keyRights();
    const obstacles = [
      ...(halt === null ? [] : [`${halt}: arm after that has ended`]),
      ...(facts.reconciliationGreen
        ? []
        : ['our books and the venue do not agree, or were not compared yet: wait until they do']),
      ...(rights === null
        ? ['the venue has not said what the key may do: it is asked again within a minute']
        : faultsOf(rights)),
      ...facts.standing.obstacles,
    ];
    return {
      armed: this.armed !== null,
      allowed: obstacles.length === 0,
      venue,
      statement: statement(venue, facts),
      obstacles,
      warnings: [...warningsOf(rights), ...facts.standing.warnings],
      confirmNoWithdrawals: rights?.withdrawals === null,
    };
  }

  /** Arms, when nothing stands against it and the trader has typed the venue's name. */
  arm({ venue, by, noWithdrawals }: ArmingRequest, facts: ArmingFacts): ArmingResult {
    const { allowed, obstacles, confirmNoWithdrawals } = this.describe(facts);
    if (!allowed) return { ok: false, message: `not armed: ${obstacles.join('; ')}` };
    const due = this.#options.venue;
    if (venue.trim().toLowerCase() !== due) {
      return { ok: false, message: `not armed: type ${due}, the name of the venue, to arm it` };
    }
    if (confirmNoWithdrawals && !noWithdrawals) {
      return {
        ok: false,
        message: `not armed: ${due} does not tell whether the key may withdraw: look there, and confirm that it may not`,
      };
    }
    const { capital, limits } = this.#options.stake();
    const armed: Armed = {
      at: this.#options.clock.now(),
      by,
      venue: due,
      capital: facts.capital,
      noWithdrawals: confirmNoWithdrawals ? 'confirmed-by-trader' : 'said-by-venue',
      stake: { capital: text(capital), limits: { ...limits } },
    };
    this.#keep({ armed, halt: null });
    this.#options.log.warn({ ...armed }, 'live trading is armed');
    return { ok: true };
  }

  #keep(state: ArmingState): void {
    this.#state = state;
    this.#document.write(state);
  }

  #since(): string {
    const { halt } = this.#state;
    return halt === null ? '' : ` since ${new Date(halt.at).toISOString()} (${halt.why})`;
  }
}

/** Why it may lose more now than when it was armed, in words; null: it may not. */
function raisedSince({ stake, capital }: Armed, now: Stake): string | null {
  if (now.capital.gt(quoteAmount(stake.capital))) {
    return `the capital has been raised to ${text(now.capital)}, it was armed with ${capital}`;
  }
  const looser = loosened(stake.limits, now.limits);
  const names = looser.map((name) => `safety.${name}`).join(', ');
  return looser.length === 0 ? null : `limits are looser than when it was armed: ${names}`;
}

function faultsOf({ trading, withdrawals }: KeyRights): readonly string[] {
  return [
    ...(withdrawals === true
      ? ['the key may withdraw: make one at the venue that may not, and keep that with `tradebot keys set`']
      : []),
    ...(trading === false ? ['the key may not trade: allow it at the venue'] : []),
  ];
}

function warningsOf(rights: KeyRights | null): readonly string[] {
  if (rights === null || rights.ipRestricted === true) return [];
  return [
    rights.ipRestricted === false
      ? 'the key works from every address: restrict it to yours at the venue'
      : 'the venue does not tell whether the key works from your address only: see to it there',
  ];
}

function statement(venue: string, { capital, trades }: ArmingFacts): string {
  return [
    `Arming lets this program trade with real money at ${venue}: ${trades}, with ${capital}.`,
    'It stays armed over a restart, until the kill switch or the circuit breaker halts it, the capital is raised or a limit is loosened; then only you can arm it again.',
    'Losses are possible, and no test of this program has been one at a real exchange.',
  ].join(' ');
}
