import { SeededRandom } from '../../domain/index.ts';
import { nextActivity, nextStudentT } from './heavy-tails.ts';
import type { ReturnProcessState, SimulatedRegime } from './market-state.ts';

/** Drift and pull per bar, in standard deviations; `pull` draws back to where the regime began. */
interface RegimeRule {
  readonly drift: number;
  readonly volatility: number;
  readonly pull: number;
  readonly meanBars: number;
  /** What follows, with its probability. */
  readonly next: readonly (readonly [SimulatedRegime, number])[];
}

const REGIMES: Readonly<Record<SimulatedRegime, RegimeRule>> = {
  'trend-up': {
    drift: 0.1,
    volatility: 0.85,
    pull: 0,
    meanBars: 90,
    next: [
      ['range', 0.6],
      ['turbulent', 0.25],
      ['trend-down', 0.15],
    ],
  },
  'trend-down': {
    drift: -0.1,
    volatility: 0.95,
    pull: 0,
    meanBars: 80,
    next: [
      ['range', 0.5],
      ['turbulent', 0.3],
      ['trend-up', 0.2],
    ],
  },
  range: {
    drift: 0,
    volatility: 0.7,
    pull: 0.08,
    meanBars: 100,
    next: [
      ['trend-up', 0.45],
      ['trend-down', 0.4],
      ['turbulent', 0.15],
    ],
  },
  turbulent: {
    drift: -0.02,
    volatility: 1.9,
    pull: 0,
    meanBars: 30,
    next: [
      ['range', 0.4],
      ['trend-up', 0.35],
      ['trend-down', 0.25],
    ],
  },
};

/** GARCH(1,1) (Bollerslev, 1986) in bars: `base` is its share of the regime's own variance. */
const GARCH = { base: 0.04, shock: 0.1, memory: 0.86, highest: 16 } as const;

/**
 * Returns of one source of risk in units of its long-run standard deviation of a bar. A Markov chain of regimes
 * gives drift and level of volatility, GARCH its clustering, a heavy-tailed activity its bursts, Student-t the
 * noise. Only operations that IEEE 754 rounds alike on every machine are used.
 */
export class ReturnProcess {
  readonly #random: SeededRandom;
  #regime: SimulatedRegime;
  #sinceRegimeBegan: number;
  #variance: number;
  #volatility = 1;
  #barNoise = 0;

  constructor(state: ReturnProcessState) {
    this.#random = new SeededRandom(state.random);
    this.#regime = state.regime;
    this.#sinceRegimeBegan = state.sinceRegimeBegan;
    this.#variance = state.variance;
  }

  /** Volatility of the present bar, about 1 on average. */
  get volatility(): number {
    return this.#volatility;
  }

  beginBar(): void {
    const { meanBars, next } = REGIMES[this.#regime];
    if (this.#random.next() < 1 / meanBars) {
      this.#regime = drawn(next, this.#random.next());
      this.#sinceRegimeBegan = 0;
    }
    this.#volatility = nextActivity(this.#random) * Math.sqrt(this.#variance);
    this.#barNoise = 0;
  }

  /** The return of one of a bar's `steps` steps; `season` is a factor on its noise. */
  step(steps: number, season: number): number {
    const { drift, pull } = REGIMES[this.#regime];
    const noise = (this.#volatility * nextStudentT(this.#random)) / Math.sqrt(steps);
    const change = (drift - pull * this.#sinceRegimeBegan) / steps + season * noise;
    this.#sinceRegimeBegan += change;
    this.#barNoise += noise;
    return change;
  }

  endBar(): void {
    const { volatility } = REGIMES[this.#regime];
    const shock = this.#barNoise * this.#barNoise;
    const variance =
      GARCH.base * volatility * volatility + GARCH.shock * shock + GARCH.memory * this.#variance;
    this.#variance = Math.min(variance, GARCH.highest);
  }

  /** Complete only between two bars. */
  state(): ReturnProcessState {
    return {
      random: this.#random.state(),
      regime: this.#regime,
      sinceRegimeBegan: this.#sinceRegimeBegan,
      variance: this.#variance,
    };
  }
}

/** The state of a process that begins with this seed. */
export function newReturnProcess(seed: number): ReturnProcessState {
  return { random: new SeededRandom(seed).state(), regime: 'range', sinceRegimeBegan: 0, variance: 1 };
}

function drawn(choices: RegimeRule['next'], uniform: number): SimulatedRegime {
  let rest = uniform;
  for (const [regime, probability] of choices) {
    rest -= probability;
    if (rest < 0) return regime;
  }
  return 'range';
}
