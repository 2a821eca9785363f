/** Frames that are made ready at once for all clients together: a long one costs its length many times over. */
const MOST_AT_ONCE = 8;
/** A client that does not read holds its place no longer than this. */
const HELD_MS = 250;

/** Lets a few frames through at a time, whoever they are for, the others in the order in which they came. */
export class FrameGate {
  readonly #later: (act: () => void) => void;
  readonly #waiting = new Set<() => void>();
  #free = MOST_AT_ONCE;

  /** @param later acts once a place has been held long enough. */
  constructor(later: (act: () => void) => void = (act) => void setTimeout(act, HELD_MS).unref()) {
    this.#later = later;
  }

  /** Whether there is a place; if not, `goOn` is called when there may be one. */
  isFree(goOn: () => void): boolean {
    if (this.#free > 0) return true;
    this.#waiting.add(goOn);
    return false;
  }

  /** Takes a place. @returns gives it back, when the frame is on its way; it comes back by itself otherwise. */
  take(): () => void {
    this.#free -= 1;
    let isHeld = true;
    const giveBack = (): void => {
      if (!isHeld) return;
      isHeld = false;
      this.#free += 1;
      this.#wake();
    };
    this.#later(giveBack);
    return giveBack;
  }

  /** Goes on with those that wait until the places are taken: one whose turn it is may have nothing to send by now. */
  #wake(): void {
    for (const next of this.#waiting) {
      if (this.#free <= 0) return;
      this.#waiting.delete(next);
      next();
    }
  }

  /** Waits no longer. */
  leave(goOn: () => void): void {
    this.#waiting.delete(goOn);
  }
}
