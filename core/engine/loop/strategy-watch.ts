import { z } from 'zod';
import type { StateStore } from '../../domain/index.ts';
import { type Proposal, type ProposingStrategy, StrategyFault } from '../../strategies/index.ts';

const NAME = 'strategy-faults';
const DocumentSchema = z.object({
  version: z.literal(1),
  faults: z.record(z.string(), z.object({ file: z.string(), reason: z.string() })),
});
type Faults = z.infer<typeof DocumentSchema>['faults'];

export interface StrategyWatchParts {
  readonly state: StateStore;
  /** A strategy has failed, and only reduces from now on. Told once. Must not throw. */
  readonly onFault: (strategy: string, reason: string) => void;
}

/**
 * Lowers a strategy that fails to reduce-only: nothing is bought for it any more until its file is another one. Survives
 * a restart.
 */
export class StrategyWatch {
  readonly #parts: StrategyWatchParts;
  #faults: Faults;

  constructor(parts: StrategyWatchParts) {
    this.#parts = parts;
    this.#faults = DocumentSchema.safeParse(parts.state.read(NAME)).data?.faults ?? {};
  }

  /** What a strategy proposes; nothing, with the reason, where it fails. */
  proposal(strategy: ProposingStrategy, symbol: string, ask: () => Proposal): Proposal {
    try {
      return ask();
    } catch (error) {
      if (!(error instanceof StrategyFault)) throw error;
      const { id } = strategy;
      const reason = `${id} failed on ${symbol} (${error.kind}): ${error.message}`;
      this.#lower(strategy, reason);
      return {
        kind: 'none',
        code: 'strategy-failed',
        reason: `${reason}. It only reduces until its file is right; stops stay`,
      };
    }
  }

  /** Why a strategy may buy nothing; null: it may. */
  reduceOnly({ id, version = '' }: Pick<ProposingStrategy, 'id' | 'version'>): string | null {
    const fault = this.#faults[id];
    return fault?.file === version ? fault.reason : null;
  }

  #lower(strategy: ProposingStrategy, reason: string): void {
    if (this.reduceOnly(strategy) !== null) return;
    const { id, version = '' } = strategy;
    this.#faults = { ...this.#faults, [id]: { file: version, reason } };
    this.#parts.state.write(NAME, { version: 1, faults: this.#faults });
    this.#parts.onFault(id, reason);
  }
}
