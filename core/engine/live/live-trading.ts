import { type Settings, symbolsOf } from '../../contract/index.ts';
import type { GateAnswer, KeyRights, OrderGate, OrderIntent } from '../../domain/index.ts';
import {
  Arming,
  type ArmingDescription,
  type ArmingFacts,
  type ArmingOptions,
  type ArmingRequest,
  type ArmingResult,
} from '../../safety/index.ts';

export interface LiveTradingParts extends Omit<ArmingOptions, 'keyRights'> {
  readonly settings: Pick<Settings, 'mode' | 'symbols' | 'timeframe' | 'strategy'>;
  /** Asks the venue what the key may do. */
  readonly askKeyRights: () => Promise<KeyRights>;
  readonly reconciliationGreen: () => boolean;
  /** The money at stake, in words. */
  readonly capital: () => string;
  /** What the strategy has not shown yet. */
  readonly standing: () => ArmingFacts['standing'];
}

/** What real money adds to an engine: the trader's own hand, and an eye on what the key may do. */
export class LiveTrading implements OrderGate {
  readonly #parts: LiveTradingParts;
  readonly #arming: Arming;
  #keyRights: KeyRights | null = null;

  constructor(parts: LiveTradingParts) {
    this.#parts = parts;
    this.#arming = new Arming({ ...parts, keyRights: () => this.#keyRights });
  }

  /** The money at stake, in words. */
  get capital(): string {
    return this.#parts.capital();
  }

  get isArmed(): boolean {
    return this.#arming.armed !== null;
  }

  /** Why nothing is entered, with what to do; null while entries are allowed. */
  refusal(): string | null {
    return this.#arming.refusal();
  }

  mayLeave(intent: OrderIntent): GateAnswer {
    return this.#arming.mayLeave(intent);
  }

  /** Ends the arming when something halts. */
  look(): void {
    this.#arming.look();
  }

  /** A venue that does not answer leaves what it said last. Never rejects. */
  async askKeyRights(): Promise<void> {
    try {
      this.#keyRights = await this.#parts.askKeyRights();
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'the venue does not say what the key may do');
    }
  }

  describe(): ArmingDescription {
    return this.#arming.describe(this.#facts());
  }

  arm(request: ArmingRequest): ArmingResult {
    return this.#arming.arm(request, this.#facts());
  }

  #facts(): ArmingFacts {
    const { settings, reconciliationGreen, capital, standing } = this.#parts;
    const { timeframe, strategy } = settings;
    return {
      reconciliationGreen: reconciliationGreen(),
      capital: capital(),
      standing: standing(),
      trades: `${symbolsOf(settings).join(', ')} on bars of ${timeframe} by the ${strategy.id} strategy`,
    };
  }
}
