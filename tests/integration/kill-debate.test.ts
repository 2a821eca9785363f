import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { HIS_COINS, SECOND_MS, Truth } from './books-in-trade.ts';
import { EAGER, ProgramAtVenue } from './program-at-venue.ts';

/** A language model that takes every question and answers none. */
async function silentModel() {
  const asked: string[] = [];
  const server = createServer((request) => void asked.push(request.url ?? '')).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  // It listens on a port.
  const { port } = server.address() as AddressInfo;
  return { asked, baseUrl: `http://127.0.0.1:${port}/v1` };
}

async function passUntil(program: ProgramAtVenue, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let second = 0; !(await isSo()); second += 1) {
    if (second > 600) throw new Error(`it never comes: ${isSo}`);
    await program.pass(SECOND_MS);
  }
}

test.each(['binance-spot', 'binance-usdm'] as const)(
  'while language models answer nothing, everything at %s is closed, and no answer opens it again',
  async (dialect) => {
    const safety = { ...EAGER.safety, minHoldBars: 1_000, stopAtr: 10 };
    const program = await ProgramAtVenue.at({ mode: 'sandbox', dialect, settings: { safety } });
    const truth = new Truth(program.venue, dialect);
    // Of the trader's own, as the truth has them.
    if (dialect === 'binance-spot') program.venue.deposit('BTC', HIS_COINS);
    await program.start();
    await passUntil(program, () => truth.held().length > 0 && truth.working() > 0);
    await program.stop();

    const { asked, baseUrl } = await silentModel();
    const llm = { enabled: true, baseUrl, model: 'silent', timeoutMs: 60_000, prices: {} };
    const { service } = await program.start({ strategy: { id: 'ensemble' }, llm });
    await passUntil(program, () => asked.length > 0);
    expect([truth.held().length, truth.working()]).toEqual([1, 1]);
    const { stage } = await service.call('killSwitch.activate', { reason: 'it hangs' });
    expect(stage).toBe('flattening');
    await passUntil(program, async () => (await program.status()).killSwitch.stage === 'flat');
    expect([truth.held(), truth.working()]).toEqual([[], 0]);
    const sent = truth.sent();
    await program.pass(60 * SECOND_MS);
    expect([truth.held(), truth.working(), truth.sent()]).toEqual([[], 0, sent]);
  },
);
