import { z } from 'zod';
import { CallError, type ContenderView, type PortfolioView } from '../../contract/index.ts';
import {
  type Decision,
  type Logger,
  type MarketEvent,
  StateDocument,
  type StateStore,
  type UtcMs,
} from '../../domain/index.ts';
import type { LineUp } from '../loop/line-up.ts';
import { contender, type Rival, withoutAccount } from './rival.ts';
import { newTally, type Tally, tallyDocument } from './tally.ts';

export interface ArenaParts {
  /** As the settings have it. */
  readonly configured: LineUp;
  readonly rivals: readonly Rival[];
  /** The mode's own documents: which line-up is in use outlives a restart. */
  readonly state: StateStore;
  readonly startTime: UtcMs;
  readonly minSample: number;
  /** Lets everybody else have a turn first, since no order waits for what is traded on paper; null: the market waits. */
  readonly afterOthers: (() => Promise<void>) | null;
  readonly log: Logger;
}

const NameSchema = z.string().nullable();

/**
 * The shadow arena: any number of line-ups vote on the same bars as the one in use and trade on paper beside it.
 * Nothing a rival does reaches a venue; promoting one makes its way of deciding the one in use.
 */
export class Arena {
  readonly #parts: ArenaParts;
  /** Name of the line-up that was promoted; null when none was. */
  readonly #promoted: StateDocument<string | null>;
  readonly #tallies: StateDocument<Tally>;
  #active: LineUp;
  #tally: Tally;
  /** What rivals have not taken yet of a market that does not wait for them. */
  #behind: Promise<void> = Promise.resolve();
  #isClosed = false;
  #isTallied = true;

  constructor(parts: ArenaParts) {
    this.#parts = parts;
    const { state, startTime, configured, log } = parts;
    this.#promoted = new StateDocument<string | null>(state, 'line-up-in-use', {
      version: 1,
      initial: null,
      parse: (stored) => NameSchema.safeParse(stored).data,
    });
    this.#tallies = tallyDocument(state, startTime);
    this.#tally = this.#tallies.readOr((fault) => {
      log.warn({ fault }, 'the arena counts anew');
      return newTally(startTime);
    });
    const promoted = this.#promoted.readOr((fault) => {
      log.warn({ fault }, 'the line-up of the settings decides');
      return null;
    });
    this.#active = this.#lineUp(promoted) ?? configured;
  }

  /** Who votes on the next bar. */
  get active(): LineUp {
    return this.#active;
  }

  /**
   * Lets the rivals take an event after the engine in use has taken it. A promise only where there are any, and the market
   * waits for them.
   */
  handle(event: MarketEvent): void | Promise<void> {
    const { rivals, afterOthers } = this.#parts;
    if (rivals.length === 0) return;
    if (afterOthers === null) return this.#pass(event);
    this.#behind = this.#behind
      .then(afterOthers)
      .then(() => (this.#isClosed ? undefined : this.#pass(event)));
  }

  /** The engine in use has decided on a bar. */
  decided(decision: Decision): void {
    const { rivals } = this.#parts;
    const { since, bars } = this.#tally;
    this.#tally = { since, bars: bars + 1, agreed: bars + 1 };
    this.#isTallied = false;
    for (const rival of rivals) rival.activeDecided(decision);
  }

  /** Writes down what was counted since: with what else is written of a bar, so that it costs no wait for the disk. */
  remember(): void {
    if (this.#isTallied) return;
    this.#isTallied = true;
    this.#tallies.write(this.#tally, 'with-the-next');
  }

  /** Every line-up once, the one in use first; `account` is its own. */
  view(account: PortfolioView): ContenderView[] {
    const { configured, rivals, minSample } = this.#parts;
    const { since, bars } = this.#tally;
    const facts = { active: true, since, bars, agreement: bars === 0 ? null : 1, problem: null };
    return [
      contender(this.#active, account, facts),
      ...(this.#active === configured ? [] : [withoutAccount(configured)]),
      ...rivals.filter(({ lineUp }) => lineUp !== this.#active).map((rival) => rival.view(minSample)),
    ];
  }

  /** @throws CallError for a name that is not in the arena, and for the one in use. */
  promote(name: string): void {
    const { log } = this.#parts;
    if (name === this.#active.name) throw new CallError('CONFLICT', `${name} decides already`);
    const found = this.#lineUp(name);
    if (found === undefined) {
      const others = this.#lineUps().filter((each) => each !== this.#active);
      const known = others.map((each) => each.name).join(', ');
      throw new CallError('NOT_FOUND', `there is no rival ${name}: choose one of ${known || 'none'}`);
    }
    log.info({ from: this.#active.name, to: name }, 'the trader promoted a rival');
    this.#active = found;
    this.#promoted.write(name);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.remember();
    this.#parts.configured.agents.close();
    await Promise.all(this.#parts.rivals.map((rival) => rival.close()));
  }

  /** Never rejects: a rival that fails drops out. */
  async #pass(event: MarketEvent): Promise<void> {
    await Promise.all(this.#parts.rivals.map((rival) => rival.handle(event)));
  }

  #lineUps(): readonly LineUp[] {
    const { configured, rivals } = this.#parts;
    return [configured, ...rivals.map(({ lineUp }) => lineUp)];
  }

  #lineUp(name: string | null): LineUp | undefined {
    return this.#lineUps().find((each) => each.name === name);
  }
}
