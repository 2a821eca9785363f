import { expect, test } from 'vitest';
import { ProgramAtVenue } from './program-at-venue.ts';
const MINUTE_MS = 60_000;
test.each(['paper','sandbox'] as const)('%s explore', async (mode) => {
  const program = await ProgramAtVenue.at({ mode });
  await program.start();
  const { venue } = program;
  await program.pass(4 * MINUTE_MS);
  const rows = program.rows<Record<string, unknown>>('SELECT * FROM decisions');
  console.log(Object.keys(rows[0] ?? {}), rows.map((r) => JSON.stringify(r).match(/"ob_available.{0,500}/)?.[0] ?? JSON.stringify(r).match(/ob_available.{0,700}/)?.[0]));
  console.log(JSON.stringify(venue.book('BTC/USDT')).slice(0,600), venue.book('BTC/USDT').bids.length);
}, 60_000);
