import type { LlmSettings, ModelPrice } from '../contract/index.ts';
import type { Clock, LlmFailure, SpendingStore } from '../domain/index.ts';

/** Tokens as the server counted them. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The worst that one request can cost. */
export interface Expense {
  readonly model: string;
  /** Whether the server is the trader's own: it costs nothing unless the price table says otherwise. */
  readonly local: boolean;
  /** Bytes of the request. A token is at least a byte, so there are no more tokens than that. */
  readonly inputBytes: number;
  readonly maxOutputTokens: number;
}

/** What a request was charged. */
export interface Charge {
  readonly costUsd: number;
  /** The tokens charged for; undefined where the server named none that can be, and the worst case was charged. */
  readonly usage: TokenUsage | undefined;
}

/** Money set aside for one request. Exactly one of the methods is called, once. */
export interface Reservation {
  /**
   * Charges what the server counted. A count beyond what was sent and asked for is the worst case; so is none, and one
   * of 0: whoever answered has read something, and written it.
   */
  settle(usage: TokenUsage | undefined): Charge;
  /** Gives everything back: the request was not processed. */
  release(): void;
}

export type ReserveResult =
  | { readonly kind: 'reserved'; readonly reservation: Reservation }
  | { readonly kind: 'refused'; readonly failure: LlmFailure };

export interface UsdLedgerOptions {
  readonly settings: Pick<LlmSettings, 'dailyBudgetUsd' | 'prices'>;
  readonly spending: SpendingStore;
  /** The wall's: days are UTC days of real spending, also where the market's clock is simulated. */
  readonly clock: Clock;
}

const MICRO = 1_000_000;
/** What the server adds around the texts: roles, separators, the schema in its own words. */
const OVERHEAD_TOKENS = 100;

/**
 * The daily budget of all calls. The worst case of a request is reserved, durably, before it is sent, and settled
 * with what the server counted; so neither concurrent decisions nor a crash can spend more than the cap. Whole
 * millionths of a dollar throughout.
 */
export class UsdLedger {
  readonly #options: UsdLedgerOptions;
  readonly #capMicroUsd: number;

  constructor(options: UsdLedgerOptions) {
    this.#options = options;
    this.#capMicroUsd = Math.round(options.settings.dailyBudgetUsd * MICRO);
  }

  /** USD spent and reserved on the current UTC day. */
  spentToday(): number {
    return this.#options.spending.spent(this.#today()) / MICRO;
  }

  /** USD spent and reserved in the current UTC month. */
  spentThisMonth(): number {
    const today = this.#today();
    const days = Array.from({ length: Number(today.slice(8)) }, (_, index) => index + 1);
    const spent = days.map((day) =>
      this.#options.spending.spent(`${today.slice(0, 8)}${String(day).padStart(2, '0')}`),
    );
    return spent.reduce((sum, microUsd) => sum + microUsd, 0) / MICRO;
  }

  price(model: string): ModelPrice | undefined {
    const { prices } = this.#options.settings;
    return Object.hasOwn(prices, model) ? prices[model] : undefined;
  }

  reserve({ model, local, inputBytes, maxOutputTokens }: Expense): ReserveResult {
    const price = this.price(model) ?? (local ? FREE : undefined);
    if (price === undefined) {
      return refused(`no price is known for ${model}: add llm.prices."${model}" (USD for a million tokens)`);
    }
    const most: TokenUsage = { inputTokens: inputBytes + OVERHEAD_TOKENS, outputTokens: maxOutputTokens };
    const worst = costOf(price, most);
    const { spending } = this.#options;
    const day = this.#today();
    if (worst > 0 && !spending.reserve(day, worst, this.#capMicroUsd)) {
      const spent = (spending.spent(day) / MICRO).toFixed(2);
      const cap = (this.#capMicroUsd / MICRO).toFixed(2);
      return refused(
        `${spent} of today's ${cap} USD are spent or reserved, this call may need ${usd(worst)}`,
      );
    }
    const change = (microUsd: number): void => {
      if (microUsd !== 0) spending.add(day, microUsd);
    };
    return {
      kind: 'reserved',
      reservation: {
        settle: (stated) => {
          const usage = believed(stated, most);
          const charged = usage === undefined ? worst : costOf(price, usage);
          change(charged - worst);
          return { costUsd: charged / MICRO, usage };
        },
        release: () => change(-worst),
      },
    };
  }

  #today(): string {
    return new Date(this.#options.clock.now()).toISOString().slice(0, 10);
  }
}

const FREE: ModelPrice = { inputPerMTok: 0, outputPerMTok: 0 };

/** What a server states, as far as it can be: no more than the most; undefined where it is no count at all. */
function believed(stated: TokenUsage | undefined, most: TokenUsage): TokenUsage | undefined {
  if (stated === undefined) return undefined;
  const { inputTokens, outputTokens } = stated;
  if (!(inputTokens >= 1) || !(outputTokens >= 1)) return undefined;
  return {
    inputTokens: Math.ceil(Math.min(inputTokens, most.inputTokens)),
    outputTokens: Math.ceil(Math.min(outputTokens, most.outputTokens)),
  };
}

/** In millionths of a dollar, rounded up; prices count to a millionth of a dollar for a million tokens. */
function costOf({ inputPerMTok, outputPerMTok }: ModelPrice, usage: TokenUsage): number {
  const input = Math.round(inputPerMTok * MICRO) * usage.inputTokens;
  const output = Math.round(outputPerMTok * MICRO) * usage.outputTokens;
  return Math.ceil((input + output) / MICRO);
}

function usd(microUsd: number): string {
  return `${(microUsd / MICRO).toFixed(4)} USD`;
}

function refused(message: string): ReserveResult {
  return { kind: 'refused', failure: { code: 'budget-exhausted', message } };
}
