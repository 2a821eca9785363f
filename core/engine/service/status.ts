import {
  type MarketState,
  type PauseView,
  pauseWords,
  type Settings,
  type StatusView,
} from '../../contract/index.ts';
import type { Clocks, Connection, Exchange, UtcMs, VenueReadings, Vote } from '../../domain/index.ts';
import type { ModelRegistry } from '../../inference/index.ts';
import type { Arena } from '../arena/arena.ts';
import type { Engine } from '../assembly/assemble.ts';
import type { EmergencyStop } from '../emergency/emergency-stop.ts';
import type { Stores } from '../installation/stores.ts';
import type { DataAge, DataHealth } from '../loop/data-age.ts';
import { type ConditionFacts, conditionsOf } from './conditions.ts';

/** Where the loop stands. */
export type Phase = 'starting' | 'running' | 'ended';

/** The last comparison of our books with the venue's. */
export interface Reconciliation {
  readonly green: boolean;
  readonly at: UtcMs | null;
  readonly differences: readonly string[];
  /** What stands against nothing, and the trader may want to know. */
  readonly notes: readonly string[];
}

export interface StatusFacts {
  readonly parts: {
    readonly settings: Settings;
    readonly symbols: readonly string[];
    readonly host: StatusView['host'];
    readonly version: string;
    readonly clocks: Clocks;
    readonly feed: { connection(symbol: string): Connection };
    readonly speed: number;
    readonly models: ModelRegistry;
    readonly arena: Arena;
    readonly venue: Pick<Exchange, 'id' | 'connection' | 'clockOffsetMs' | 'costs'>;
    readonly stores: Pick<Stores, 'faults'>;
    readonly accountNotice: string | null;
    readonly notes: readonly string[];
    readonly readings: (() => VenueReadings) | null;
  };
  readonly engine: Engine;
  readonly emergency: EmergencyStop;
  readonly phase: Phase;
  readonly pause: PauseView | null;
  /** Why nothing is entered in symbols that the trader has locked, a line each. */
  readonly locked: readonly string[];
  readonly dataAge: DataAge;
  readonly gaps: number;
  readonly reconciliation: Reconciliation;
  /** Whether our books and the venue have agreed since the venue was last connected. */
  readonly compared: boolean;
  /** Why the host has entries wait, or null. */
  readonly held: string | null;
  /** Why live trading enters nothing, or null. */
  readonly notArmed: string | null;
  /** What spoke in a language model's place on the last bar, and why. */
  readonly standIn: string | null;
}

/** Everything a host shows at a glance. */
export function statusOf(facts: StatusFacts): StatusView {
  const { parts, engine, emergency, dataAge, gaps } = facts;
  const { settings, symbols, host, version, clocks, speed, models, arena } = parts;
  const { tripped, reason, until } = engine.breaker.state;
  const { green, at, differences } = facts.reconciliation;
  const markets = symbols.map((symbol) => marketOf(symbol, facts));
  return {
    version,
    mode: settings.mode,
    host,
    exchange: engine.venue.id,
    symbols: [...symbols],
    timeframe: settings.timeframe,
    strategy: arena.active.strategy,
    analysts: arena.active.analysts,
    llm: llmOf(facts),
    models: { installed: models.installed, message: models.message },
    ...tradingOf(facts),
    pause: facts.pause,
    marketTime: clocks.market.now(),
    speed,
    killSwitch: emergency.view(),
    breaker: { tripped, reason, until },
    feed: {
      lastMessageAgeMs: shownAge(dataAge.oldest()),
      stale: markets.some(({ stale }) => stale),
      gaps,
    },
    markets,
    reconciliation: { green, at, differences: [...differences] },
    venue: venueStatusOf(facts),
    conditions: conditionsOf(conditionFacts(facts)),
  };
}

/** A mode with a real market, whether orders go there or stay here. */
function venueStatusOf({ parts }: StatusFacts): StatusView['venue'] {
  const { readings, venue, settings, symbols } = parts;
  if (readings === null) return null;
  const { lastAnswerAgeMs, latency, budgetUsed } = readings();
  const costs = symbols.map((symbol) => venue.costs(symbol));
  const { state, message } = venue.connection;
  return {
    orders: settings.mode === 'paper' ? null : { state, message },
    readings: {
      lastAnswerAgeMs: lastAnswerAgeMs === null ? null : wholeSeconds(lastAnswerAgeMs),
      latency: latency && {
        p50Ms: Math.round(latency.p50Ms),
        p99Ms: Math.round(latency.p99Ms),
        answers: latency.answers,
      },
      budgetUsedPct: Math.round(budgetUsed * 100),
    },
    fees: {
      makerFeeBps: Math.max(...costs.map(({ makerFeeBps }) => makerFeeBps)),
      takerFeeBps: Math.max(...costs.map(({ takerFeeBps }) => takerFeeBps)),
    },
  };
}

function conditionFacts(facts: StatusFacts): ConditionFacts {
  const { parts, engine, reconciliation, phase, compared, held, notArmed } = facts;
  const { settings, symbols, stores, venue, accountNotice } = parts;
  const { desk, portfolio } = engine;
  return {
    venue: venue.id,
    connection: venue.connection,
    // At the start it is under way, which the status says.
    compared: compared || phase === 'starting',
    clockOffsetMs: venue.clockOffsetMs(),
    held,
    notArmed,
    locked: facts.locked,
    notTradable: symbols.flatMap((symbol) => engine.notTradable(symbol) ?? []),
    ledgerFault: desk.orders.fault,
    strategyFault: engine.strategyFault(parts.arena.active.decides),
    storeFaults: stores.faults(),
    frozen: desk.orders.frozenSymbols(),
    differing: desk.orders.differingSymbols(),
    positions: portfolio.positions(),
    protectionOf: (symbol) => desk.protectionOf(symbol),
    notes: [...parts.notes, ...reconciliation.notes],
    accountNotice,
    costMultiple: settings.safety.costMultiple,
  };
}

/** One symbol's market. Before the first message nothing is called stale: the program has only just begun. */
function marketOf(symbol: string, { parts, engine, dataAge, phase }: StatusFacts): MarketState {
  const health = dataAge.of(symbol);
  const { state, message } = parts.feed.connection(symbol);
  const notTradable = engine.notTradable(symbol);
  const old = health.stale && Number.isFinite(health.ageMs);
  const stale = phase === 'running' && (old || state !== 'connected');
  const messages = [notTradable, stale ? message || 'its data is too old' : null];
  return {
    symbol,
    tradable: notTradable === null,
    stale,
    ageMs: shownAge(health),
    message: messages.filter((each) => each !== null).join('; '),
  };
}

/** Whole seconds: a status that changes with every look could never be "unchanged". */
function shownAge({ ageMs }: DataHealth): number | null {
  return Number.isFinite(ageMs) ? wholeSeconds(ageMs) : null;
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

function llmOf({ parts, standIn }: StatusFacts): StatusView['llm'] {
  const { settings, arena } = parts;
  const { analysts, agents } = arena.active;
  if (analysts !== 'llm') return null;
  // To the cent's hundredth: a status that changes with every look could never be "unchanged".
  const spentTodayUsd = Math.round(agents.spentTodayUsd() * 10_000) / 10_000;
  return { spentTodayUsd, dailyBudgetUsd: settings.llm.dailyBudgetUsd, standIn };
}

/** Why Bull or Bear was not a language model on a bar; null when both were. */
export function standInOf(votes: readonly Vote[]): string | null {
  const missing = votes.filter(({ voter, source }) => voter !== 'ensemble' && source !== 'llm');
  const [first] = missing;
  if (first !== undefined) return first.kind === 'vote' ? `the rules speak: ${first.thesis}` : first.message;
  const silent = votes.find(({ voter, kind }) => voter !== 'ensemble' && kind === 'abstention');
  return silent?.kind === 'abstention' ? `nobody speaks for the ${silent.voter}: ${silent.message}` : null;
}

function tradingOf({
  emergency,
  phase,
  pause,
  notArmed,
}: StatusFacts): Pick<StatusView, 'trading' | 'message'> {
  if (emergency.engaged) return { trading: 'halted', message: 'the kill switch is engaged' };
  if (phase === 'starting') return { trading: 'starting', message: 'starting' };
  if (phase === 'ended') return { trading: 'stopped', message: 'the market data has ended' };
  if (pause !== null)
    return { trading: 'paused', message: `paused ${pauseWords(pause)}; no new entries, exits go on` };
  return { trading: 'running', message: notArmed ?? 'trading' };
}
