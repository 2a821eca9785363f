import type { Disposer } from '../../../core/domain/index.ts';

/** A condition that several faults may put a thing in at once: the first begins it, the last to end ends it. */
export class Overlapping<T extends object> {
  readonly #begin: (thing: T) => Disposer;
  readonly #inForce = new Map<T, { count: number; readonly end: Disposer }>();

  constructor(begin: (thing: T) => Disposer) {
    this.#begin = begin;
  }

  /** @returns what takes this one back; a second call does nothing. */
  enter(things: readonly T[]): Disposer {
    for (const thing of things) {
      const known = this.#inForce.get(thing);
      if (known === undefined) this.#inForce.set(thing, { count: 1, end: this.#begin(thing) });
      else known.count += 1;
    }
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      for (const thing of things) this.#leave(thing);
    };
  }

  #leave(thing: T): void {
    const known = this.#inForce.get(thing);
    if (known === undefined) return;
    known.count -= 1;
    if (known.count > 0) return;
    this.#inForce.delete(thing);
    known.end();
  }
}
