import { describe, expect, it, test } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { SettingsSchema } from '../../contract/index.ts';
import { SILENT_LOGGER } from '../../domain/index.ts';
import { GuardianKeeper } from './guardian-keeper.ts';
import type { FromGuardian, GuardianProcess, ToGuardian } from './guardian-protocol.ts';

const PLACE = {
  directory: '/data',
  runtimeFolder: null,
  pid: 7,
  settings: SettingsSchema.parse({ mode: 'sandbox' }),
  migrationsFolder: null,
};

/** A guardian that answers each beat, unless told otherwise. */
class FakeGuardian implements GuardianProcess {
  readonly pid = 1;
  readonly heard: ToGuardian[] = [];
  isMute = false;
  isEnded = false;
  isLeft = false;
  #say: (message: FromGuardian) => void = () => undefined;
  #exits: ((how: string) => void)[] = [];

  send(message: ToGuardian): void {
    this.heard.push(message);
    if (this.isMute) return;
    if (message.kind === 'guard') this.say({ kind: 'ready', hasKeys: true });
    if (message.kind === 'beat') this.say({ kind: 'beat' });
    if (message.kind === 'goodbye') this.exit('it ended with 0');
  }

  say(message: FromGuardian): void {
    this.#say(message);
  }

  exit(how: string): void {
    for (const told of this.#exits) told(how);
  }

  onMessage(listener: (message: FromGuardian) => void): void {
    this.#say = listener;
  }

  onExit(listener: (how: string) => void): void {
    this.#exits.push(listener);
  }

  end(): void {
    this.isEnded = true;
    this.exit('it ended SIGKILL');
  }

  leave(): void {
    this.isLeft = true;
  }
}

function kept(prepare: (guardian: FakeGuardian, index: number) => void = () => undefined) {
  const timers = new VirtualTimers();
  const guardians: FakeGuardian[] = [];
  const alerts: string[] = [];
  const reasons: string[] = [];
  const keeper = new GuardianKeeper({
    ...{ place: PLACE, clock: timers, timers, log: SILENT_LOGGER },
    keys: { inKeychain: [], given: { 'exchange.binance.apiKey': 'k' } },
    spawn: () => {
      const guardian = new FakeGuardian();
      prepare(guardian, guardians.length);
      guardians.push(guardian);
      return guardian;
    },
    alert: (severity, title, message) => alerts.push(`${severity}: ${title}: ${message}`),
    reconcile: async (reason) => {
      reasons.push(reason);
      throw new Error('the venue does not answer');
    },
  });
  keeper.start();
  const guardian = (index: number): FakeGuardian => {
    const found = guardians[index];
    if (found === undefined) throw new Error(`there is no guardian ${index}`);
    return found;
  };
  return { keeper, timers, guardians, guardian, alerts, reasons };
}

test('a guardian is told what it guards and with which keys, and then that the program lives', async () => {
  const { keeper, timers, guardian, alerts } = kept();
  await timers.pass(10_000);
  const { heard } = guardian(0);
  expect(heard[0]).toEqual({
    kind: 'guard',
    place: PLACE,
    keys: { inKeychain: [], given: { 'exchange.binance.apiKey': 'k' } },
  });
  expect(heard.slice(1)).toEqual(Array.from({ length: 20 }, () => ({ kind: 'beat' })));
  expect(keeper.view()).toEqual({ state: 'watching', lastBeat: 10_000, restarts: 0, since: 0 });
  expect(alerts).toEqual([]);
});

describe('a guardian that', () => {
  it('ends is missed at once, told, and started again', async () => {
    const { keeper, timers, guardian, guardians, alerts } = kept();
    await timers.pass(4_000);
    guardian(0).exit('it ended SIGKILL');
    expect(keeper.view()).toEqual({ state: 'missing', lastBeat: 4_000, restarts: 1, since: 4_000 });
    expect(alerts).toEqual([
      'critical: The guardian has ended: it ended SIGKILL; it is started again in 1 s',
    ]);
    await timers.pass(1_000);
    expect(guardians).toHaveLength(2);
    expect(keeper.view()).toMatchObject({ state: 'watching', restarts: 1 });
    expect(alerts[1]).toContain('info: The guardian is back');
  });

  it('is back twice within a minute says so in other words each time, since the same ones are told once', async () => {
    const { timers, guardian, alerts } = kept();
    await timers.pass(1_000);
    for (const nth of [0, 1]) {
      guardian(nth).exit('it ended SIGKILL');
      await timers.pass(3_000);
    }
    expect(alerts).toHaveLength(4);
    expect(new Set(alerts).size).toBe(4);
  });

  it('hangs is missed within 5 s, ended and started again', async () => {
    const { keeper, timers, guardian, alerts } = kept();
    await timers.pass(4_000);
    guardian(0).isMute = true;
    await timers.pass(4_500);
    expect([guardian(0).isEnded, alerts]).toEqual([false, []]);
    await timers.pass(500);
    expect([guardian(0).isEnded, keeper.view().state]).toEqual([true, 'missing']);
    expect(alerts).toEqual([expect.stringContaining('it did not answer for 5 s')]);
    await timers.pass(1_000);
    expect(keeper.view().state).toBe('watching');
  });

  it('does not come up is given half a minute', async () => {
    const { keeper, timers, guardian, alerts } = kept((each, index) => {
      each.isMute = index === 0;
    });
    await timers.pass(29_500);
    expect([keeper.view(), alerts]).toEqual([
      { state: 'starting', lastBeat: null, restarts: 0, since: 0 },
      [],
    ]);
    await timers.pass(2_000);
    expect([guardian(0).isEnded, keeper.view().state]).toEqual([true, 'watching']);
  });

  it('ends again and again is started ever later, and in the end not any more', async () => {
    const { keeper, timers, guardians, alerts } = kept((each) => {
      each.isMute = true;
    });
    const startedAt: number[] = [];
    while (keeper.view().state !== 'failed') {
      if (guardians.length > startedAt.length) {
        startedAt.push(timers.now());
        guardians.at(-1)?.exit('it ended with 1');
      } else await timers.pass(500);
    }
    expect(startedAt.map((at, index) => (at - (startedAt[index - 1] ?? 0)) / 1_000)).toEqual([
      0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60,
    ]);
    expect(alerts.at(-1)).toContain('critical: There is no guardian: it has ended 11 times in a row');
    await timers.pass(600_000);
    expect(guardians).toHaveLength(11);
  });

  it('has run for ten minutes is started again at once', async () => {
    const { timers, guardian, alerts } = kept();
    guardian(0).exit('it ended SIGKILL');
    await timers.pass(1_000);
    await timers.pass(600_000);
    guardian(1).exit('it ended SIGKILL');
    expect(alerts.at(-1)).toContain('it is started again in 1 s');
  });

  it('cannot be started is one that has ended', async () => {
    let faults = 1;
    const { keeper, timers, alerts } = kept(() => {
      faults -= 1;
      if (faults === 0) throw new Error('EAGAIN');
    });
    expect(alerts).toEqual([expect.stringContaining('it could not be started: Error: EAGAIN')]);
    await timers.pass(1_000);
    expect(keeper.view().state).toBe('watching');
  });

  it('has no keys is told of', () => {
    const { guardian, alerts } = kept((each) => {
      each.isMute = true;
    });
    guardian(0).say({ kind: 'ready', hasKeys: false });
    expect(alerts).toEqual([expect.stringContaining('critical: The guardian has no keys')]);
  });

  it('cannot say what it missed gets its comparison, also where that fails', async () => {
    const { keeper, timers, guardian, reasons } = kept();
    guardian(0).say({ kind: 'ask-reconciliation' });
    await timers.pass(1_000);
    expect(reasons).toEqual([expect.stringContaining('the machine slept')]);
    expect(keeper.view().state).toBe('watching');
  });

  it('was replaced is not listened to any more', async () => {
    const { keeper, timers, guardian, guardians, reasons } = kept();
    guardian(0).isMute = true;
    await timers.pass(7_000);
    guardian(0).say({ kind: 'ask-reconciliation' });
    guardian(0).exit('it ended at last');
    await timers.pass(2_000);
    expect([guardians.length, reasons, keeper.view().state]).toEqual([2, [], 'watching']);
  });
});

describe('the end of the program', () => {
  it('on purpose is told, waited for, and nothing follows', async () => {
    const { keeper, timers, guardian, guardians, alerts } = kept();
    await keeper.goodbye();
    expect(guardian(0).heard.at(-1)).toEqual({ kind: 'goodbye' });
    await keeper.goodbye();
    await timers.pass(60_000);
    expect([guardians.length, guardian(0).isEnded, alerts]).toEqual([1, false, []]);
  });

  it('on purpose ends a guardian that does not go', async () => {
    const { keeper, timers, guardian } = kept();
    guardian(0).isMute = true;
    const end = keeper.goodbye();
    await timers.pass(1_000);
    await end;
    expect(guardian(0).isEnded).toBe(true);
  });

  it('by a failure leaves the guardian at work, without another word', async () => {
    const { keeper, timers, guardian } = kept();
    keeper.abandon();
    const { length } = guardian(0).heard;
    await keeper.goodbye();
    await timers.pass(60_000);
    expect([guardian(0).isLeft, guardian(0).isEnded, guardian(0).heard.length]).toEqual([
      true,
      false,
      length,
    ]);
  });
});
