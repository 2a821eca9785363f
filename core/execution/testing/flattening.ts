import type { DeskUnderTest } from '../../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, SPOT } from '../../../tests/contracts/simulated-venue.ts';
import type { FlattenResult } from '../flattener.ts';

const TURN_MS = 100;

/** The market goes on at the price it had. */
export function marketMoves(desk: DeskUnderTest): void {
  for (const symbol of [SPOT, PERPETUAL]) desk.venue.step(symbol, flat(100));
}

/**
 * Flattens in virtual time.
 *
 * @param onTurn what happens every tenth of a second meanwhile, with its number; the market moves where not given.
 */
export async function flattenIn(
  desk: DeskUnderTest,
  onTurn: (turn: number) => unknown = () => marketMoves(desk),
): Promise<FlattenResult & { readonly tookMs: number }> {
  const began = desk.timers.monotonicMs();
  const ended: FlattenResult[] = [];
  void desk.flattener.flatten().then((result) => ended.push(result));
  for (let turn = 1; ended.length === 0; turn += 1) {
    await desk.timers.pass(turn === 1 ? 0 : TURN_MS);
    if (ended.length === 0) await onTurn(turn);
  }
  const [result] = ended;
  if (result === undefined) throw new Error('flattening came to nothing');
  return { ...result, tookMs: desk.timers.monotonicMs() - began };
}
