import type { EquityRecord, EquityStore } from '../../core/domain/index.ts';

/** An equity curve that is gone with the test. */
export class MemoryEquityStore implements EquityStore {
  readonly #points = new Map<number, EquityRecord>();

  append(point: EquityRecord): void {
    this.#points.set(point.time, point);
  }

  within(from: number, before: number): readonly EquityRecord[] {
    return this.recent(this.#points.size).filter(({ time }) => time >= from && time < before);
  }

  recent(limit: number): readonly EquityRecord[] {
    return [...this.#points.values()]
      .sort((a, b) => a.time - b.time)
      .slice(Math.max(0, this.#points.size - limit));
  }
}
