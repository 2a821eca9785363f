import { describe, expect, test } from 'vitest';
import { seededConditions } from './conditions.ts';
import { BAR_MS, SLOWEST_MS, scenarioOf } from './scenario.ts';

const SEEDS = Array.from({ length: 300 }, (_, index) => index + 1);
const scenarios = SEEDS.map(scenarioOf);
const seen = <T>(read: (scenario: ReturnType<typeof scenarioOf>) => T): ReadonlySet<T> =>
  new Set(scenarios.map(read));

describe('a scenario', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(scenarioOf(7)).toEqual(scenarioOf(7));
    expect(scenarioOf(7)).not.toEqual(scenarioOf(8));
  });

  test('comes with every kind of venue', () => {
    expect(seen(({ profile }) => profile.account)).toEqual(new Set(['ours', 'shared']));
    expect(seen(({ profile }) => profile.goodTillDate)).toEqual(new Set([true, false]));
    expect(seen(({ profile }) => profile.nativeStops)).toEqual(new Set([true, false]));
    expect(seen(({ profile }) => profile.clientOrderId.uniqueAmong)).toEqual(
      new Set(['open-orders', 'all-orders']),
    );
    expect(seen(({ traits }) => traits.triggeredStop).size).toBe(3);
    expect(seen(({ traits }) => traits.feeIn)).toEqual(new Set(['quote', 'coins', 'third']));
    expect(seen(({ symbols }) => symbols.length)).toEqual(new Set([2, 3]));
    expect(seen(({ durable }) => durable)).toEqual(new Set(['memory', 'sqlite']));
    expect(seen(({ execution }) => execution.entry)).toEqual(new Set([undefined, 'maker-first']));
    expect(seen(({ execution }) => execution.afterTimeout).size).toBe(3);
  });

  test('has each fault for some seeds, and for others not', () => {
    for (const fault of Object.keys(scenarioOf(1).rates) as (keyof ReturnType<
      typeof scenarioOf
    >['rates'])[]) {
      const on = scenarios.filter(({ rates }) => rates[fault] > 0).length;
      expect(on, fault).toBeGreaterThan(SEEDS.length / 4);
      expect(on, fault).toBeLessThan((SEEDS.length * 3) / 4);
    }
    expect(scenarios.filter(({ killAt }) => killAt !== null).length).toBeGreaterThan(SEEDS.length / 6);
    expect(scenarios.filter(({ crashes }) => crashes.length > 0).length).toBeGreaterThan(SEEDS.length / 3);
  });

  test('believes an absence no sooner than the venue is able to take an order and tell of it', () => {
    for (const { profile, traits } of scenarios) {
      const latest = traits.receiveWindowMs + traits.lookUpLagMs + SLOWEST_MS;
      expect(profile.absence.windowMs).toBeGreaterThan(latest);
      expect(traits.timeoutMs).toBeLessThan(traits.receiveWindowMs);
    }
  });

  test('is at peace once the faults end', () => {
    for (const scenario of scenarios) {
      const { storm, outage, deafness, limbo, ledgerLocked, ...bySymbol } = seededConditions(scenario);
      for (const at of [scenario.faultsEnd, scenario.faultsEnd + BAR_MS]) {
        expect([storm, outage, deafness, limbo, ledgerLocked].some((windows) => windows.holds(at))).toBe(
          false,
        );
        for (const symbol of scenario.symbols) {
          expect(
            bySymbol.halted(symbol, at) || bySymbol.unlisted(symbol, at) || bySymbol.dry(symbol, at),
          ).toBe(false);
        }
        expect(bySymbol.stopRefusal(at)).toBeNull();
      }
    }
  });
});
