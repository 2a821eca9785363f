import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { type SettingsInput, SettingsSchema } from '../../contract/index.ts';
import { SILENT_LOGGER } from '../../domain/index.ts';
import { openDatabase } from '../../storage/index.ts';
import { openLlmStores } from './llm-stores.ts';
import { openStores } from './stores.ts';
import { Upkeep } from './upkeep.ts';

const DAY_MS = 86_400_000;
const NOW = 1_000 * DAY_MS;
const closing: (() => void)[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-upkeep-'));
  mkdirSync(join(folder, 'logs'));
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
  rmSync(folder, { recursive: true, force: true });
});

/** Where each kind lies, and how to put one there that is of a time. */
const KINDS = {
  decisions: {
    file: 'demo.sqlite',
    insert: "INSERT INTO decisions VALUES ('d' || :at, 'BTC/USDT', '1h', :at, :at, 'held', '', '{}')",
    column: 'time',
  },
  predictions: {
    file: 'demo.sqlite',
    insert:
      "INSERT INTO predictions (set_id, symbol, bar_open_time, down, flat, up, sigma, label) VALUES ('s', 'BTC/USDT', :at, 0.1, 0.1, 0.8, 1, 1)",
    column: 'bar_open_time',
  },
  alerts: {
    file: 'demo.sqlite',
    insert:
      "INSERT INTO alerts (id, time, severity, title, message) VALUES ('a' || :at, :at, 'info', 't', 'm')",
    column: 'time',
  },
  llm_calls: {
    file: 'llm.sqlite',
    insert:
      "INSERT INTO llm_calls (key, agent, round, symbol, bar_open_time, time, status, document) VALUES ('k' || :at, 'bull', 0, 'B', 1, :at, 'answered', '{}')",
    column: 'time',
  },
} as const;
type Kind = keyof typeof KINDS;

function house(storage: SettingsInput['storage'] = {}) {
  const stores = openStores(folder, 'demo');
  const llm = openLlmStores(folder);
  const databases = new Map<string, Database>();
  const database = (kind: Kind): Database => {
    const { file } = KINDS[kind];
    const known =
      databases.get(file) ?? openDatabase({ file: join(folder, file), owner: file.split('.')[0] ?? '' });
    databases.set(file, known);
    return known;
  };
  closing.push(() => {
    for (const each of databases.values()) each.close();
    llm.close();
    stores.close();
  });
  const said: string[] = [];
  const settings = SettingsSchema.parse({ storage: { llmCallDays: 30, ...storage } });
  const parts = {
    ...{ directory: folder, settings, stores, llm, mirror: () => null },
    clocks: { market: { now: () => NOW }, wall: { now: () => NOW } },
    log: {
      ...SILENT_LOGGER,
      warn: (fields: object) => said.push(String((fields as { kind?: string }).kind)),
    },
  };
  return {
    stores,
    llm,
    parts,
    said,
    database,
    put: (kind: Kind, daysAgo: number, more = 0) =>
      database(kind)
        .prepare(KINDS[kind].insert)
        .run({ at: NOW - daysAgo * DAY_MS + more }),
    left: (kind: Kind) =>
      database(kind).prepare(`SELECT ${KINDS[kind].column} FROM ${kind} ORDER BY 1`).pluck().all(),
  };
}

describe('the upkeep', () => {
  test.each([
    ['decisions', 'heldDecisionDays'],
    ['predictions', 'predictionDays'],
    ['alerts', 'alertDays'],
    ['llm_calls', 'llmCallDays'],
  ] as const)('forgets %s that are older than the setting says, to the millisecond', (kind, setting) => {
    const { parts, put, left } = house({ [setting]: 10 });
    put(kind, 10, -1);
    put(kind, 10);
    put(kind, 1);
    new Upkeep(parts).step();
    expect(left(kind)).toEqual([NOW - 10 * DAY_MS, NOW - DAY_MS]);
  });

  test('keeps for ever what the settings keep for ever', () => {
    const { parts, put, left } = house({
      ...{ heldDecisionDays: null, predictionDays: null, alertDays: null, llmCallDays: null },
      ...{ fineEquityDays: null, logDays: null },
    });
    const kinds = Object.keys(KINDS) as Kind[];
    for (const kind of kinds) put(kind, 999);
    new Upkeep(parts).step();
    expect(kinds.map((kind) => left(kind).length)).toEqual([1, 1, 1, 1]);
  });

  test('thins the curve of whole days and deletes full log files, never the one that is written to', () => {
    const { parts, stores, database } = house({ fineEquityDays: 10, logDays: 10 });
    for (let minute = 0; minute < 60; minute += 1)
      database('alerts')
        .prepare("INSERT INTO equity (time, equity) VALUES (?, '100')")
        .run(NOW - 20 * DAY_MS + minute * 60_000);
    const old = new Date(NOW - 11 * DAY_MS);
    for (const name of ['tradebot.log', 'tradebot.1.log', 'tradebot.2.log', 'notes.txt']) {
      writeFileSync(join(folder, 'logs', name), 'x');
      if (name !== 'tradebot.1.log') utimesSync(join(folder, 'logs', name), old, old);
    }
    new Upkeep(parts).step();
    expect(stores.equity.recent(99)).toHaveLength(2);
    expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['notes.txt', 'tradebot.1.log', 'tradebot.log']);
  });

  test('goes on while the account trades: a fill is written between any two steps', () => {
    const { parts, put, left, stores } = house({ heldDecisionDays: 10 });
    for (let at = 0; at < 250; at += 1) put('decisions', 11, at);
    const upkeep = new Upkeep(parts);
    stores.ledger.appendIntent(intentOf('a', { amount: 99 }));
    for (let step = 0; step < 3; step += 1) {
      upkeep.step();
      expect(stores.ledger.appendFill(fillOf(`t${step}`, 'a'))).toBe(true);
    }
    expect(left('decisions')).toEqual([]);
    expect([...stores.ledger.fills()]).toHaveLength(3);
  });

  test('a kind that cannot be forgotten stops no other, and is told of once', () => {
    const { parts, put, left, said } = house({ heldDecisionDays: 10, alertDays: 10 });
    put('alerts', 11);
    put('llm_calls', 31);
    const upkeep = new Upkeep({
      ...parts,
      stores: {
        ...parts.stores,
        forget: (what) => {
          if (what.heldDecisions !== null) throw new Error('a bug');
          return parts.stores.forget(what);
        },
      },
    });
    upkeep.step();
    upkeep.step();
    expect([left('alerts'), left('llm_calls'), said]).toEqual([[], [], ['decisions that held']]);
  });

  test('a database that another program keeps locked is forgotten in later', () => {
    const { parts, put, left, said } = house({ alertDays: 10 });
    put('alerts', 11);
    const other = openDatabase({ file: join(folder, 'demo.sqlite'), owner: 'demo' });
    other.exec('BEGIN IMMEDIATE');
    const upkeep = new Upkeep(parts);
    upkeep.step();
    expect([left('alerts').length, said]).toEqual([1, []]);
    other.exec('COMMIT');
    other.close();
    upkeep.step();
    expect(left('alerts')).toEqual([]);
  });
});
