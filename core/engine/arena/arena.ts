import { CallError, type ContenderView, type PortfolioView } from '../../contract/index.ts';
import type { Decision, Logger, MarketEvent, StateStore, UtcMs } from '../../domain/index.ts';
import type { LineUp } from '../loop/line-up.ts';
import { contender, type Rival, type Tally, tallyOf } from './rival.ts';

export interface ArenaParts {
  /** As the settings have it. */
  readonly configured: LineUp;
  readonly rivals: readonly Rival[];
  /** The mode's own documents: which line-up is in use outlives a restart. */
  readonly state: StateStore;
  readonly startTime: UtcMs;
  readonly minSample: number;
  readonly log: Logger;
}

const IN_USE = 'line-up-in-use';
const TALLY = 'arena-tally';

/**
 * The shadow arena: any number of line-ups vote on the same bars as the one in use and trade on paper beside it.
 * Nothing a rival does reaches a venue; promoting one makes its way of deciding the one in use.
 */
export class Arena {
  readonly #parts: ArenaParts;
  #active: LineUp;
  #tally: Tally;

  constructor(parts: ArenaParts) {
    this.#parts = parts;
    this.#tally = tallyOf(parts.state.read(TALLY)) ?? { since: parts.startTime, bars: 0, agreed: 0 };
    const name = parts.state.read(IN_USE);
    this.#active = this.#lineUp(name) ?? parts.configured;
  }

  /** Who votes on the next bar. */
  get active(): LineUp {
    return this.#active;
  }

  /** Lets the rivals take an event after the engine in use has taken it. A promise only where there are any. */
  handle(event: MarketEvent): void | Promise<void> {
    const { rivals } = this.#parts;
    if (rivals.length > 0)
      return Promise.all(rivals.map((rival) => rival.handle(event))).then(() => undefined);
  }

  /** The engine in use has decided on a bar. */
  decided(decision: Decision): void {
    const { rivals, state } = this.#parts;
    const { since, bars } = this.#tally;
    this.#tally = { since, bars: bars + 1, agreed: bars + 1 };
    state.write(TALLY, this.#tally);
    for (const rival of rivals) rival.activeDecided(decision);
  }

  /** The one in use first; `account` is its own. */
  view(account: PortfolioView): ContenderView[] {
    const { since, bars } = this.#tally;
    const facts = { active: true, since, bars, agreement: bars === 0 ? null : 1, problem: null };
    const active = contender(this.#active, account, facts);
    return [active, ...this.#parts.rivals.map((rival) => rival.view(this.#parts.minSample))];
  }

  /** @throws CallError for a name that is not in the arena. */
  promote(name: string): void {
    const { log, state, rivals } = this.#parts;
    const found = this.#lineUp(name);
    if (found === undefined) {
      const known = rivals.map(({ lineUp }) => lineUp.name).join(', ');
      throw new CallError('NOT_FOUND', `there is no rival ${name}: choose one of ${known || 'none'}`);
    }
    log.info({ from: this.#active.name, to: name }, 'the trader promoted a rival');
    this.#active = found;
    state.write(IN_USE, name);
  }

  async close(): Promise<void> {
    this.#parts.configured.agents.close();
    await Promise.all(this.#parts.rivals.map((rival) => rival.close()));
  }

  #lineUp(name: unknown): LineUp | undefined {
    const { configured, rivals } = this.#parts;
    return [configured, ...rivals.map(({ lineUp }) => lineUp)].find((each) => each.name === name);
  }
}
