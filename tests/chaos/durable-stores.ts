import {
  type DecisionStore,
  type EquityStore,
  LedgerError,
  type OrderLedger,
  type StateStore,
} from '../../core/domain/index.ts';
import type { Life } from './life.ts';
import { ProcessKilled } from './life.ts';
import type { Crash } from './scenario.ts';

/** What outlives a process. */
export interface DurableStores {
  readonly ledger: OrderLedger;
  readonly decisions: DecisionStore;
  readonly state: StateStore;
  readonly equity: EquityStore;
}

/** The calls of each store that leave something behind. */
const WRITES: ReadonlySet<PropertyKey> = new Set([
  'appendIntent',
  'appendEvent',
  'appendFill',
  'appendAccountEvent',
  'append',
  'write',
  'forgetHeld',
]);

export interface StoresOfALife {
  readonly life: Life;
  /** Where this process dies; null: nowhere. */
  readonly crash: Crash | null;
  readonly onCrash: () => void;
  /** Whether it may still die. */
  readonly mayCrash: () => boolean;
  /** While true the ledger takes no write. */
  readonly locked: () => boolean;
}

/**
 * The stores as one process sees them: it dies at the write that was planned for it, before or after that is made,
 * and a process that has ended reads and writes nothing.
 */
export function storesOf(stores: DurableStores, options: StoresOfALife): DurableStores {
  let writes = 0;
  const { life, crash, onCrash, locked, mayCrash } = options;
  const die = (): never => {
    life.end();
    onCrash();
    throw new ProcessKilled(`killed at durable write ${writes}`);
  };
  const guard = <T extends object>(store: T, lockable: boolean): T =>
    new Proxy(store, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]): unknown => {
          life.assertAlive();
          if (!WRITES.has(name)) return Reflect.apply(member, target, args);
          if (lockable && locked()) throw new LedgerError('database is locked');
          writes += 1;
          const dies = crash?.write === writes && mayCrash();
          if (dies && crash?.when === 'before') die();
          const result: unknown = Reflect.apply(member, target, args);
          return dies ? die() : result;
        };
      },
    });
  return {
    ledger: guard(stores.ledger, true),
    decisions: guard(stores.decisions, false),
    state: guard(stores.state, false),
    equity: guard(stores.equity, false),
  };
}
