import { expect, test } from 'vitest';
import { ProgramAtVenue } from './program-at-venue.ts';

const MINUTE_MS = 60_000;
const OUTAGE_MS = 45_000;
/** From the close of a bar to the decision on it: two readings of the stream. */
const SOON_MS = 3_000;

test.each(['sandbox', 'paper'] as const)(
  'after an outage %s decides on each bar as it closes, and not as late as the outage was long',
  async (mode) => {
    const program = await ProgramAtVenue.at({ mode });
    await program.start();
    const { venue } = program;
    const toNextClose = (): Promise<void> => program.pass(MINUTE_MS - (venue.now() % MINUTE_MS) + SOON_MS);
    await toNextClose();
    venue.faults.schedule([
      { name: 'dropped-sockets', on: '' },
      { name: 'lost-request', on: '', forMs: OUTAGE_MS },
    ]);
    await program.pass(OUTAGE_MS + MINUTE_MS);
    for (let bar = 0; bar < 3; bar += 1) {
      await toNextClose();
      const closed = Math.floor(venue.now() / MINUTE_MS) * MINUTE_MS;
      const decided = program.rows(
        'SELECT symbol, max(bar_open_time) AS openTime FROM decisions GROUP BY symbol',
      );
      expect(decided).toEqual(
        ['BTC/USDT', 'ETH/USDT'].map((symbol) => ({ symbol, openTime: closed - MINUTE_MS })),
      );
    }
  },
);
