import type { Database, Statement } from 'better-sqlite3';
import type { UtcMs } from '../../domain/index.ts';

/** Before which time rows are forgotten; null: never. */
export interface Forgetting {
  /** Decisions that led to nothing. */
  readonly heldDecisions: UtcMs | null;
  readonly llmCalls: UtcMs | null;
  /** Of which it is known what came of them. */
  readonly predictions: UtcMs | null;
  /** Alerts, but for critical ones, and what became of the messages about them. */
  readonly alerts: UtcMs | null;
  /** Points of the equity curve but for the outline of each hour. */
  readonly fineEquity: UtcMs | null;
}

/** Rows a step of each: some milliseconds, in which nothing else is written. */
const ROWS = 100;
const HOUR_MS = 3_600_000;
const WINDOW_MS = 24 * HOUR_MS;

/** A server that mirrors the books is to get a decision before it is forgotten here. */
const HELD = `DELETE FROM decisions WHERE rowid IN (
  SELECT rowid FROM decisions d WHERE outcome = 'held' AND time < ?
    AND NOT EXISTS (SELECT 1 FROM mirror_refills)
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.kind = 'decision' AND o.time = d.time AND o.name = d.id)
  ORDER BY time LIMIT ${ROWS})`;
const CALLS = `DELETE FROM llm_calls WHERE sequence IN (
  SELECT sequence FROM llm_calls WHERE time < ? ORDER BY time LIMIT ${ROWS})`;
const PREDICTIONS = `DELETE FROM predictions WHERE (set_id, symbol, bar_open_time) IN (
  SELECT set_id, symbol, bar_open_time FROM predictions WHERE bar_open_time < ? AND label IS NOT NULL
  ORDER BY bar_open_time LIMIT ${ROWS})`;
const ALERTS = `DELETE FROM alerts WHERE sequence IN (
  SELECT sequence FROM alerts WHERE time < ? AND severity <> 'critical' ORDER BY time LIMIT ${ROWS})`;
const DELIVERIES = `DELETE FROM alert_deliveries WHERE sequence IN (
  SELECT sequence FROM alert_deliveries WHERE time < ? ORDER BY time LIMIT ${ROWS})`;
const DAY_OF_EQUITY =
  'SELECT time, CAST(equity AS REAL) AS equity, capital FROM equity WHERE time >= ? AND time < ? ORDER BY time';

interface Point {
  readonly time: UtcMs;
  readonly equity: number;
  readonly capital: string | null;
}

/** Forgets what is old, a little at a time. */
export class SqliteRetention {
  readonly #held: Statement<[UtcMs]>;
  readonly #calls: Statement<[UtcMs]>;
  readonly #predictions: Statement<[UtcMs]>;
  readonly #alerts: Statement<[UtcMs]>;
  readonly #deliveries: Statement<[UtcMs]>;
  readonly #dayOfEquity: Statement<[UtcMs, UtcMs], Point>;
  readonly #removeEquity: Statement<[UtcMs]>;
  readonly #oldestEquity: Statement<[UtcMs], UtcMs | null>;
  /** Up to where the curve was thinned in this run. */
  #thinned: UtcMs = 0;

  constructor(database: Database) {
    this.#held = database.prepare(HELD);
    this.#calls = database.prepare(CALLS);
    this.#predictions = database.prepare(PREDICTIONS);
    this.#alerts = database.prepare(ALERTS);
    this.#deliveries = database.prepare(DELIVERIES);
    this.#dayOfEquity = database.prepare(DAY_OF_EQUITY);
    this.#removeEquity = database.prepare('DELETE FROM equity WHERE time = ?');
    this.#oldestEquity = database
      .prepare<[UtcMs], UtcMs | null>('SELECT min(time) FROM equity WHERE time >= ?')
      .pluck();
  }

  /** One step of each. @returns rows that were deleted. @throws when the database cannot be written now. */
  step({ heldDecisions, llmCalls, predictions, alerts, fineEquity }: Forgetting): number {
    return (
      forget(this.#held, heldDecisions) +
      forget(this.#calls, llmCalls) +
      forget(this.#predictions, predictions) +
      forget(this.#alerts, alerts) +
      forget(this.#deliveries, alerts) +
      this.#thin(fineEquity)
    );
  }

  /** The points of a day. */
  #thin(before: UtcMs | null): number {
    if (before === null) return 0;
    const oldest = this.#oldestEquity.get(this.#thinned) ?? null;
    if (oldest === null) return 0;
    const from = Math.floor(oldest / WINDOW_MS) * WINDOW_MS;
    const to = from + WINDOW_MS;
    // Only whole days: an hour is looked at once.
    if (to > before) return 0;
    const points = this.#dayOfEquity.all(from, to);
    const kept = keptOf(points);
    const gone = points.filter((point) => !kept.has(point));
    for (const { time } of gone) this.#removeEquity.run(time);
    this.#thinned = to;
    return gone.length;
  }
}

/**
 * What a curve needs to say the same of its falls: of each hour the first and the last point, the lowest and the highest, and the
 * two of its deepest fall; and what lies beside a transfer, because returns are measured up to it.
 */
function keptOf(points: readonly Point[]): ReadonlySet<Point> {
  const kept = new Set<Point>();
  for (const hour of Map.groupBy(points, ({ time }) => Math.floor(time / HOUR_MS)).values()) {
    for (const point of outlineOf(hour)) kept.add(point);
  }
  points.forEach((point, index) => {
    const next = points[index + 1];
    if (next === undefined || next.capital === point.capital) return;
    kept.add(point);
    kept.add(next);
  });
  return kept;
}

function outlineOf(hour: readonly Point[]): readonly Point[] {
  const [first] = hour;
  if (first === undefined) return [];
  let [low, high, peak, trough] = [first, first, first, first];
  for (const point of hour) {
    if (point.equity < low.equity) low = point;
    if (point.equity > high.equity) high = point;
    // From the highest so far: no other fall that ends here is deeper.
    if (point.equity * peak.equity < trough.equity * high.equity) [peak, trough] = [high, point];
  }
  return [first, low, high, peak, trough, ...hour.slice(-1)];
}

function forget(statement: Statement<[UtcMs]>, before: UtcMs | null): number {
  return before === null ? 0 : statement.run(before).changes;
}
