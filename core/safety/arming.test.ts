import { describe, expect, it } from 'vitest';
import { SettingsSchema } from '../contract/index.ts';
import { type KeyRights, ManualClock, quoteAmount, SILENT_LOGGER, type StateStore } from '../domain/index.ts';
import { MemoryStateStore } from '../storage/index.ts';
import { Arming, type ArmingFacts, type ArmingRequest } from './index.ts';

const SAFETY = SettingsSchema.parse({}).safety;
const NOON = Date.UTC(2026, 0, 1, 12);
const SAFE: KeyRights = { trading: true, withdrawals: false, ipRestricted: true };
const WELL: ArmingFacts = {
  reconciliationGreen: true,
  capital: '500 USDT',
  trades: 'BTC/USDT on bars of 1h',
  standing: { obstacles: [], warnings: [] },
};
const BY_HAND: ArmingRequest = { venue: 'binance', by: 'the trader', noWithdrawals: false };

/** An account, what halts it and what its key may do, both changeable. */
function account(given: { state?: StateStore; rights?: KeyRights | null; halt?: string } = {}) {
  const { state = new MemoryStateStore() } = given;
  const now = {
    halt: given.halt ?? null,
    rights: given.rights === undefined ? SAFE : given.rights,
    capital: '500',
    limits: SAFETY,
  };
  const warnings: string[] = [];
  const arming = new Arming({
    state,
    clock: new ManualClock(NOON),
    log: { ...SILENT_LOGGER, warn: (_fields, message) => warnings.push(message) },
    venue: 'binance',
    haltOf: () => now.halt,
    keyRights: () => now.rights,
    stake: () => ({ capital: quoteAmount(now.capital), limits: now.limits }),
  });
  return { arming, now, state, warnings };
}

/** One that is armed. */
function armed() {
  const scene = account();
  expect(scene.arming.arm(BY_HAND, WELL)).toEqual({ ok: true });
  return scene;
}

describe('live trading', () => {
  it('is not armed until the trader arms it, which says why nothing is entered and what to do', () => {
    const { arming } = account();
    expect(arming.armed).toBeNull();
    expect(arming.refusal()).toBe(
      'live trading is not armed: arm it by hand with `tradebot arm`; until then nothing is entered, exits and stops go on',
    );
  });

  it('lets no entry leave while it is not armed, and everything that reduces a position', () => {
    const { arming } = account();
    expect(arming.mayLeave({ purpose: 'entry' })).toMatchObject({ allowed: false, code: 'not-armed' });
    for (const purpose of ['exit', 'protection', 'emergency'] as const)
      expect(arming.mayLeave({ purpose })).toEqual({ allowed: true });
  });

  it('is armed by the venue’s name, with who, when, where and for how much', () => {
    const { arming } = armed();
    expect(arming.armed).toEqual({
      at: NOON,
      by: 'the trader',
      venue: 'binance',
      capital: '500 USDT',
      noWithdrawals: 'said-by-venue',
      stake: { capital: '500', limits: SAFETY },
    });
    expect([arming.refusal(), arming.mayLeave({ purpose: 'entry' })]).toEqual([null, { allowed: true }]);
  });

  it('takes the name as a hand types it, and no other', () => {
    expect(account().arming.arm({ ...BY_HAND, venue: ' Binance ' }, WELL)).toEqual({ ok: true });
    const { arming } = account();
    expect(arming.arm({ ...BY_HAND, venue: 'binanceus' }, WELL)).toEqual({
      ok: false,
      message: 'not armed: type binance, the name of the venue, to arm it',
    });
    expect(arming.armed).toBeNull();
  });

  it('stays armed over a restart without a halt', () => {
    const { state } = armed();
    expect(account({ state }).arming.refusal()).toBeNull();
  });

  it('is not armed by a restart after a halt, nor by the halt’s end', () => {
    const { arming, now, state } = armed();
    now.halt = 'the kill switch was engaged';
    expect(arming.refusal()).toContain(
      'not armed since 2026-01-01T12:00:00.000Z (the kill switch was engaged)',
    );
    now.halt = null;
    expect(arming.armed).toBeNull();
    expect(account({ state }).arming.armed).toBeNull();
  });

  it('is disarmed by a halt that fell while the program was off', () => {
    const { state } = armed();
    const { arming } = account({ state, halt: 'the kill switch was engaged' });
    arming.look();
    expect(account({ state }).arming.armed).toBeNull();
  });

  it('is armed again by hand after a halt', () => {
    const { arming, now } = armed();
    now.halt = 'the circuit breaker is tripped';
    arming.look();
    now.halt = null;
    expect(arming.arm(BY_HAND, WELL)).toEqual({ ok: true });
    expect(arming.refusal()).toBeNull();
  });

  it('ends when more capital is allotted than it was armed with, and not when less is', () => {
    const { arming, now } = armed();
    now.capital = '400';
    expect(arming.refusal()).toBeNull();
    now.capital = '500.01';
    expect(arming.refusal()).toContain(
      '(the capital has been raised to 500.01, it was armed with 500 USDT): arm it by hand',
    );
    now.capital = '400';
    expect(arming.armed).toBeNull();
  });

  it('ends when a limit is looser than it was armed with, and not when one is tighter', () => {
    const { arming, now } = armed();
    now.limits = { ...SAFETY, maxDrawdown: 0.05, profitLock: 0.02, minSharpe: 1, haltHours: 48 };
    expect(arming.refusal()).toBeNull();
    now.limits = { ...SAFETY, maxDrawdown: 0.2, haltHours: 1 };
    expect(arming.refusal()).toContain(
      '(limits are looser than when it was armed: safety.maxDrawdown, safety.haltHours)',
    );
  });

  it('ends at a start after the settings were loosened while the program was off', () => {
    const { state } = armed();
    const { arming, now } = account({ state });
    now.limits = { ...SAFETY, maxOpenRisk: 0.5 };
    expect(arming.mayLeave({ purpose: 'entry' })).toMatchObject({ allowed: false });
  });

  it('is not armed by what an older version wrote, which did not keep what may be lost', () => {
    const { state } = armed();
    const { value } = state.read('live-arming') as { value: { armed: object } };
    const { stake: _stake, ...before } = value.armed as { stake?: unknown };
    state.write('live-arming', { documentVersion: 1, value: { armed: before, halt: null } });
    expect(account({ state }).arming.armed).toBeNull();
  });

  it('is not armed when nobody can read whether it was, and says so', () => {
    const state = new MemoryStateStore();
    state.write('live-arming', 'armed');
    const { arming, warnings } = account({ state });
    expect([arming.armed, warnings]).toEqual([null, ['live trading is not armed']]);
  });
});

describe('arming', () => {
  it('says what it does', () => {
    const { arming } = account();
    expect(arming.describe(WELL)).toEqual({
      armed: false,
      allowed: true,
      venue: 'binance',
      statement:
        'Arming lets this program trade with real money at binance: BTC/USDT on bars of 1h, with 500 USDT. It stays armed over a restart, until the kill switch or the circuit breaker halts it, the capital is raised or a limit is loosened; then only you can arm it again. Losses are possible, and no test of this program has been one at a real exchange.',
      obstacles: [],
      warnings: [],
      confirmNoWithdrawals: false,
    });
    expect(armed().arming.describe(WELL).armed).toBe(true);
  });

  it.each<[string, Parameters<typeof account>[0], Partial<ArmingFacts>, string]>([
    [
      'during a halt',
      { halt: 'the kill switch was engaged' },
      {},
      'the kill switch was engaged: arm after that has ended',
    ],
    [
      'before the books were found to agree',
      {},
      { reconciliationGreen: false },
      'our books and the venue do not agree, or were not compared yet: wait until they do',
    ],
    [
      'of a key that may withdraw',
      { rights: { ...SAFE, withdrawals: true } },
      {},
      'the key may withdraw: make one at the venue that may not, and keep that with `tradebot keys set`',
    ],
    [
      'of a key that may not trade',
      { rights: { ...SAFE, trading: false } },
      {},
      'the key may not trade: allow it at the venue',
    ],
    [
      'before the venue has said what the key may do',
      { rights: null },
      {},
      'the venue has not said what the key may do: it is asked again within a minute',
    ],
    [
      'of a strategy that has not shown its audit',
      {},
      { standing: { obstacles: ['trend has not shown an audit'], warnings: [] } },
      'trend has not shown an audit',
    ],
  ])('is refused %s', (_name, given, changes, obstacle) => {
    const { arming } = account(given);
    const facts = { ...WELL, ...changes };
    expect(arming.describe(facts)).toMatchObject({ allowed: false, obstacles: [obstacle] });
    expect(arming.arm(BY_HAND, facts)).toEqual({ ok: false, message: `not armed: ${obstacle}` });
    expect(arming.armed).toBeNull();
  });

  it.each<[boolean | null, readonly string[]]>([
    [true, []],
    [false, ['the key works from every address: restrict it to yours at the venue']],
    [null, ['the venue does not tell whether the key works from your address only: see to it there']],
  ])('of a key whose addresses are restricted: %s, warns of %j', (ipRestricted, warnings) => {
    expect(account({ rights: { ...SAFE, ipRestricted } }).arming.describe(WELL)).toMatchObject({
      allowed: true,
      warnings,
    });
  });

  it('asks the trader where the venue does not tell whether the key may withdraw', () => {
    const { arming } = account({ rights: { ...SAFE, withdrawals: null } });
    expect(arming.describe(WELL).confirmNoWithdrawals).toBe(true);
    expect(arming.arm(BY_HAND, WELL)).toEqual({
      ok: false,
      message:
        'not armed: binance does not tell whether the key may withdraw: look there, and confirm that it may not',
    });
    expect(arming.arm({ ...BY_HAND, noWithdrawals: true }, WELL)).toEqual({ ok: true });
    expect(arming.armed?.noWithdrawals).toBe('confirmed-by-trader');
    expect(arming.refusal()).toBeNull();
  });
});

describe('an armed key', () => {
  it.each<[string, KeyRights | null, string]>([
    ['that may withdraw by now', { ...SAFE, withdrawals: true }, 'the key may withdraw'],
    ['that may not trade any more', { ...SAFE, trading: false }, 'the key may not trade'],
    ['of which the venue has told nothing since the start', null, 'has not said yet what the key may do'],
    [
      'of which the venue tells less than at arming',
      { ...SAFE, withdrawals: null },
      'does not tell any more',
    ],
  ])('%s enters nothing, and does again when it is as it was', (_name, rights, words) => {
    const { arming, now } = armed();
    now.rights = rights;
    expect(arming.refusal()).toContain(words);
    now.rights = SAFE;
    expect(arming.refusal()).toBeNull();
  });
});
