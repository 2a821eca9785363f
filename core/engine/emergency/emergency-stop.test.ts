import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, SILENT_LOGGER } from '../../domain/index.ts';
import { KillSwitch } from '../../safety/index.ts';
import { EmergencyStop, type FlattenOutcome } from './emergency-stop.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-stop-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function build(flatten: () => Promise<FlattenOutcome> = async () => ({ flat: true, failures: [] })) {
  const killSwitch = new KillSwitch({ directory, clock: new ManualClock(1_000) });
  let runs = 0;
  const counted = (): Promise<FlattenOutcome> => {
    runs += 1;
    return flatten();
  };
  const stop = new EmergencyStop({
    killSwitch,
    flatten: counted,
    onChange: () => undefined,
    log: SILENT_LOGGER,
  });
  return { stop, killSwitch, runs: () => runs };
}

describe('EmergencyStop', () => {
  it('is latched on disk before the flattening begins', async () => {
    const latched: boolean[] = [];
    const { stop } = build(async () => {
      latched.push(new KillSwitch({ directory, clock: new ManualClock(1_000) }).engaged());
      return { flat: true, failures: [] };
    });
    expect(stop.activate('pressed', 'the trader')).toMatchObject({
      engaged: true,
      reason: 'pressed',
      stage: 'flattening',
    });
    await stop.settled();
    expect(latched).toEqual([true]);
  });

  it('is flat once everything is closed', async () => {
    const { stop } = build();
    stop.activate('pressed', 'the trader');
    await stop.settled();
    expect(stop.view().stage).toBe('flat');
  });

  it('stays engaged and says what failed when flattening throws', async () => {
    const { stop } = build(async () => {
      throw new Error('venue unreachable');
    });
    stop.activate('pressed', 'the trader');
    await stop.settled();
    expect(stop.view()).toMatchObject({ engaged: true, stage: 'failed' });
    expect(stop.view().failures[0]).toContain('venue unreachable');
  });

  it('runs once more when pressed again meanwhile, not twice at the same time', async () => {
    const { stop, runs } = build();
    stop.activate('first', 'the trader');
    stop.activate('second', 'the trader');
    stop.activate('third', 'the trader');
    await stop.settled();
    expect(runs()).toBe(2);
    expect(stop.view().reason).toBe('first');
  });

  it('acts on a latch that another process wrote', async () => {
    const { stop, runs } = build();
    stop.check();
    expect(runs()).toBe(0);
    new KillSwitch({ directory, clock: new ManualClock(2_000) }).latch('from the terminal', 'tradebot kill');
    stop.check();
    await stop.settled();
    expect(runs()).toBe(1);
    expect(stop.view()).toMatchObject({ engaged: true, reason: 'from the terminal', stage: 'flat' });
  });

  it('is still engaged after a restart and flattens again', async () => {
    build().killSwitch.latch('before the crash', 'the trader');
    const { stop, runs } = build();
    expect(stop.view()).toMatchObject({ engaged: true, stage: 'latched' });
    stop.check();
    await stop.settled();
    expect(runs()).toBe(1);
  });

  it('goes on trying when it could not flatten', async () => {
    let venueIsBack = false;
    const { stop, runs } = build(async () => ({
      flat: venueIsBack,
      failures: venueIsBack ? [] : ['no answer'],
    }));
    stop.activate('pressed', 'the trader');
    await stop.settled();
    expect(stop.view()).toMatchObject({ stage: 'failed', failures: ['no answer'] });
    venueIsBack = true;
    stop.check();
    stop.check();
    await stop.settled();
    expect(stop.view()).toMatchObject({ stage: 'flat', failures: [] });
    stop.check();
    expect(runs()).toBe(2);
  });

  it('is armed again after a reset', async () => {
    const { stop, killSwitch } = build();
    stop.activate('pressed', 'the trader');
    await stop.settled();
    killSwitch.reset();
    stop.rearm();
    expect(stop.view()).toMatchObject({ engaged: false, stage: 'armed' });
  });
});
