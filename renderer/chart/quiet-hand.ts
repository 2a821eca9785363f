/** How long after its last movement a hand counts as still. */
const STILL_MS = 250;

/**
 * Knows whether the trader is panning or zooming. Each change of a long series costs the drawing library a pass
 * over all of it; while the hand moves, changes wait, so that the picture follows the hand without a hitch.
 */
export class QuietHand {
  readonly #element: HTMLElement;
  readonly #onStill: () => void;
  #pressed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(element: HTMLElement, onStill: () => void) {
    this.#element = element;
    this.#onStill = onStill;
    element.addEventListener('pointerdown', this.#press);
    element.addEventListener('wheel', this.#move, { passive: true });
    window.addEventListener('pointerup', this.#release);
    window.addEventListener('pointercancel', this.#release);
  }

  get still(): boolean {
    return !this.#pressed && this.#timer === undefined;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#element.removeEventListener('pointerdown', this.#press);
    this.#element.removeEventListener('wheel', this.#move);
    window.removeEventListener('pointerup', this.#release);
    window.removeEventListener('pointercancel', this.#release);
  }

  readonly #press = (): void => {
    this.#pressed = true;
  };

  readonly #release = (): void => {
    if (!this.#pressed) return;
    this.#pressed = false;
    this.#move();
  };

  readonly #move = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.still) this.#onStill();
    }, STILL_MS);
  };
}
