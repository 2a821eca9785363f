import { describe, expect, it } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import type { KillSwitchView } from '../../contract/index.ts';
import { HANGS_AFTER_MS, type ProgramSigns, type ProgramVerdict, watchProgram } from './program-watch.ts';

type Stage = KillSwitchView['stage'];

const at = (beat: number, stage: Stage | null, failures: readonly string[] = []): ProgramSigns => ({
  beat,
  killSwitch: stage === null ? null : { stage, failures: [...failures] },
});

/** What a program says as time passes, a sign each half second. */
async function watched(sign: (halfSeconds: number) => ProgramSigns | undefined) {
  const timers = new VirtualTimers();
  const lines: string[] = [];
  const verdicts: ProgramVerdict[] = [];
  const look = () => sign(Math.floor(timers.monotonicMs() / 500));
  void watchProgram({ look, timers, onProgress: (line) => lines.push(line) }).then((one) =>
    verdicts.push(one),
  );
  await timers.pass(0);
  while (verdicts.length === 0) await timers.pass(100);
  return { verdict: verdicts[0], lines, tookMs: timers.monotonicMs() };
}

describe('a program whose latch is set', () => {
  it('is flat when it says so with a sign of life', async () => {
    const { verdict, lines } = await watched((n) =>
      at(n, n < 2 ? 'armed' : n < 4 ? 'flattening' : 'flat', ['dust']),
    );
    expect(verdict).toEqual({ kind: 'flat', left: ['dust'] });
    expect(lines).toEqual(['the program says: flattening; dust']);
  });

  it('and was flat before this was asked is flat when it has looked at the venue once more', async () => {
    const flat = (beat: number, verifiedAt: number | null): ProgramSigns => ({
      beat,
      killSwitch: { stage: 'flat', failures: [], verifiedAt },
    });
    const looked = await watched((n) => flat(n, n < 5 ? 1_000 : 4_000));
    expect(looked.verdict).toEqual({ kind: 'flat', left: [] });
    expect(looked.tookMs).toBeGreaterThanOrEqual(2_500);
    const { verdict } = await watched((n) => flat(n, 1_000));
    const failures = ['it was flat, and has not seen the venue since'];
    expect(verdict).toEqual({ kind: 'unfinished', failures });
    expect((await watched((n) => flat(n, null))).verdict).toEqual({ kind: 'unfinished', failures });
  });

  it('that said so before and gives no sign any more hangs', async () => {
    const { verdict, tookMs } = await watched(() => at(7, 'flat'));
    expect(verdict).toEqual({ kind: 'silent' });
    expect(tookMs).toBeLessThan(HANGS_AFTER_MS + 500);
  });

  it('that stops in the midst of closing hangs', async () => {
    const { verdict, tookMs } = await watched((n) => at(Math.min(n, 6), 'flattening'));
    expect(verdict).toEqual({ kind: 'silent' });
    expect(tookMs).toBeGreaterThanOrEqual(3_000 + HANGS_AFTER_MS);
  });

  it('that ended meanwhile, or never noted itself, says nothing', async () => {
    expect((await watched((n) => (n < 3 ? at(n, 'flattening') : undefined))).verdict).toEqual({
      kind: 'silent',
    });
    expect((await watched(() => undefined)).verdict).toEqual({ kind: 'silent' });
  });

  it('that still opens can do nothing', async () => {
    const { verdict, tookMs } = await watched((n) => at(n, null));
    expect(verdict).toEqual({ kind: 'opening' });
    expect(tookMs).toBeLessThan(11_000);
    expect((await watched((n) => at(n, n < 10 ? null : 'flat'))).verdict).toMatchObject({ kind: 'flat' });
  });

  it('that does not come to an end is given up with what it says', async () => {
    const { verdict, tookMs } = await watched((n) => at(n, 'failed', ['binance BTC/USDT: no']));
    expect(verdict).toEqual({ kind: 'unfinished', failures: ['binance BTC/USDT: no'] });
    expect(tookMs).toBeLessThan(91_000);
  });
});
