import type { Database, Statement } from 'better-sqlite3';
import type { DailyExposure } from '../../contract/index.ts';
import type { UtcMs } from '../../domain/index.ts';
import type { Period } from './trade-queries.ts';

/** How much of the equity was at stake, by UTC day, from the points of the curve. */
export class SqliteExposureQueries {
  readonly #byDay: Statement<[UtcMs, UtcMs], DailyExposure>;

  constructor(database: Database) {
    this.#byDay = database.prepare(
      // Of the columns beside max(time) SQLite answers those of the row that has it.
      `SELECT date(max(time) / 1000, 'unixepoch') AS day, count(*) AS points, exposure AS closingExposure,
          equity AS closingEquity, avg(CAST(exposure AS REAL) / CAST(equity AS REAL)) AS meanShare, (
            SELECT max(CAST(h.exposure AS REAL) / CAST(h.equity AS REAL)) FROM equity h
            WHERE h.time BETWEEN e.time / 86400000 * 86400000 AND e.time / 86400000 * 86400000 + 86399999
              AND h.exposure IS NOT NULL AND CAST(h.equity AS REAL) > 0
          ) AS highestShare
        FROM equity e WHERE exposure IS NOT NULL AND CAST(equity AS REAL) > 0 AND time >= ? AND time < ?
        GROUP BY time / 86400000 ORDER BY 1`,
    );
  }

  daily({ from, to }: Period = {}): readonly DailyExposure[] {
    return this.#byDay.all(from ?? 0, to ?? Number.MAX_SAFE_INTEGER);
  }
}
