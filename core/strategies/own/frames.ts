import { type Place, StrategyFault } from './strategy-fault.ts';
import type { Value } from './values.ts';

/** What a name has before it was given a value. */
export const UNSET: unique symbol = Symbol('unset');
export type Slot = Value | typeof UNSET;

/** The values of a block's names while it runs. */
export class Frame {
  readonly slots: Slot[];
  readonly #outer: Frame | null;

  constructor(outer: Frame | null, slots: Slot[]) {
    this.#outer = outer;
    this.slots = slots;
  }

  get outer(): Frame {
    if (this.#outer === null) throw new TypeError('a name is looked for outside of everything');
    return this.#outer;
  }
}

export interface Name {
  readonly slot: number;
  readonly isConst: boolean;
}

/** The names of a block, before it runs. */
export class Scope {
  readonly parent: Scope | null;
  readonly #always: boolean;
  readonly #names = new Map<string, Name>();

  /** @param always has a frame also where it declares nothing. */
  constructor(parent: Scope | null, always = false) {
    this.parent = parent;
    this.#always = always;
  }

  declare(name: string, isConst: boolean, at: Place): void {
    if (this.#names.has(name)) throw new StrategyFault('not-understood', `${name} is declared twice`, at);
    this.#names.set(name, { slot: this.#names.size, isConst });
  }

  own(name: string): Name | undefined {
    return this.#names.get(name);
  }

  get size(): number {
    return this.#names.size;
  }

  get hasFrame(): boolean {
    return this.#always || this.size > 0;
  }
}
