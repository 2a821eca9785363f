import {
  executionKey,
  type FillPage,
  type FillQuery,
  TraderError,
  type UtcMs,
  type VenueFill,
} from '../../domain/index.ts';

/** A venue with ever more pages is not read for ever: a million trades of a symbol at 500 a page. */
const MOST_PAGES = 2_000;
/** So often a page may come again before the list is taken for one that does not go on. */
const MOST_REPEATS = 3;

/**
 * Reads a symbol's trades to the end of the list, each once, however often the venue tells it.
 *
 * @throws TraderError where the list does not end; whatever asking throws.
 */
export async function readFills(
  symbol: string,
  since: UtcMs,
  page: (query: FillQuery) => Promise<FillPage>,
): Promise<readonly VenueFill[]> {
  const fills = new Map<string, VenueFill>();
  let [cursor, repeats]: [FillPage['cursor'], number] = [null, 0];
  for (let pages = 0; pages < MOST_PAGES && repeats < MOST_REPEATS; pages += 1) {
    const told = await page({ symbol, cursor, since });
    for (const fill of told.fills) if (fill.time >= since) fills.set(executionKey(fill), fill);
    if (!told.more) return [...fills.values()];
    repeats = told.cursor === cursor ? repeats + 1 : 0;
    cursor = told.cursor;
  }
  const how =
    repeats === MOST_REPEATS ? 'tells the same page again and again' : `goes on after ${MOST_PAGES} pages`;
  throw new TraderError(
    'failure',
    `the venue’s list of ${symbol} trades ${how}: give a later --since, or import its CSV export`,
  );
}
