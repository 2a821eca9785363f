import type { LlmSettings } from '../contract/index.ts';
import {
  type Brief,
  LLM_AGENTS,
  type LlmAgent,
  type LlmCallRecord,
  type LlmFailure,
  type Logger,
  type Opinion,
  TIMEFRAME_MS,
  type Timers,
  type Vote,
} from '../domain/index.ts';
import { type BriefData, briefData, type FeatureNames, openingText, rebuttalText } from './brief-text.ts';
import type { CallMemory, PastCalls } from './call-memory.ts';
import { type AskAgent, type Debated, holdDebate, type Outcome } from './debate.ts';
import { type DebateMoment, debateNeed, momentOf } from './debate-need.ts';
import type { DebateTally } from './debate-tally.ts';
import { Reader } from './evidence.ts';
import { checkEvidence } from './evidence-check.ts';
import type { PromptLibrary } from './prompt-library.ts';
import type { CallRequest, RecordedCalls } from './recorded-calls.ts';
import { RuleAnalyst } from './rule-analyst.ts';
import type { SituationMemory } from './situation-memory.ts';
import { ballotOf, type StandIn } from './stand-in.ts';
import { Turns } from './turns.ts';

export interface DebateDeskOptions {
  readonly settings: Pick<
    LlmSettings,
    | 'debate'
    | 'rebuttalRounds'
    | 'timeoutMs'
    | 'debateTimeoutMs'
    | 'maxConcurrentDecisions'
    | 'whenDown'
    | 'anonymise'
  >;
  readonly features: readonly FeatureNames[];
  readonly calls: RecordedCalls;
  readonly prompts: Pick<PromptLibrary, 'read'>;
  readonly memory: CallMemory;
  readonly tally: DebateTally;
  readonly situations: SituationMemory;
  readonly timers: Timers;
  readonly logger: Logger;
}

/** Bull's and Bear's votes on one bar, and what they took. */
export interface DebateResult {
  readonly votes: readonly [bull: Vote, bear: Vote];
  /** In the order of rounds, Bull before Bear. */
  readonly calls: readonly LlmCallRecord[];
  readonly costUsd: number;
  /** Models that were down, and in whose place the rules voted. */
  readonly standIns: readonly StandIn[];
}

/** Everything a debate needs of a brief, taken when the bar closed: a brief's features change with the next bar. */
interface Agenda {
  readonly brief: Brief;
  readonly data: BriefData;
  readonly pastCalls: Readonly<Record<LlmAgent, PastCalls>>;
  readonly rules: Readonly<Record<LlmAgent, Vote>> | null;
}

/** Where language models debate bars. Never throws, never rejects: whatever happens is a vote or an abstention. */
export class DebateDesk {
  readonly #options: DebateDeskOptions;
  readonly #turns: Turns;
  readonly #closing = new AbortController();
  readonly #reader = new Reader();
  readonly #ruleBull = new RuleAnalyst('bull', this.#reader);
  readonly #ruleBear = new RuleAnalyst('bear', this.#reader);
  /** The last debate of each symbol in which both models gave an opinion. */
  readonly #standing = new Map<string, Standing>();
  #costUsd = 0;

  constructor(options: DebateDeskOptions) {
    this.#options = options;
    this.#turns = new Turns(options.settings.maxConcurrentDecisions);
  }

  /** What this desk's calls have cost since it was made, in USD. */
  get costUsd(): number {
    return this.#costUsd;
  }

  /**
   * Bull's and Bear's votes on a bar.
   *
   * @param models the trained models' vote, shown to both; undefined where there is none.
   */
  async debate(brief: Brief, models: Vote | undefined): Promise<DebateResult> {
    const { symbol, barOpenTime } = brief;
    if (!brief.ready) {
      return silent({ code: 'warming-up', message: 'too little history for the features' });
    }
    try {
      const agenda = this.#agenda(brief, models);
      const now = momentOf(brief);
      const last = this.#standing.get(symbol);
      const need = debateNeed(last, now, this.#options.settings.debate);
      if (last !== undefined && !need.debate) {
        this.#options.tally.stood();
        return standing(last, now, need.words);
      }
      const debated = await this.#turns.take(() => this.#hold(agenda));
      const result = this.#conclude(agenda, debated);
      this.#note(symbol, now, result);
      return result;
    } catch (error) {
      this.#options.logger.error({ error, symbol, barOpenTime }, 'a debate broke off');
      const words = error instanceof Error ? error.message : String(error);
      return silent({ code: 'failed', message: `the debate broke off: ${words}` });
    }
  }

  #note(symbol: string, now: DebateMoment, { votes, calls, costUsd }: DebateResult): void {
    const sum = (of: (call: LlmCallRecord) => number): number =>
      calls.reduce((total, call) => total + of(call), 0);
    this.#options.tally.debated({
      calls: calls.length,
      costUsd,
      inputTokens: sum(({ inputTokens }) => inputTokens),
      outputTokens: sum(({ outputTokens }) => outputTokens),
    });
    const [bull, bear] = votes;
    if (!isOpinion(bull) || !isOpinion(bear)) {
      this.#standing.delete(symbol);
      return;
    }
    const horizonBars = Math.min(bull.horizonBars, bear.horizonBars);
    this.#standing.set(symbol, { ...now, horizonBars, opinions: [bull, bear] });
  }

  /** Ends what is under way: those who still debate abstain. */
  close(): void {
    this.#closing.abort();
  }

  #agenda(brief: Brief, models: Vote | undefined): Agenda {
    const { features, memory, situations, settings } = this.#options;
    memory.observeOutcome(brief);
    situations.observe(brief);
    const similarSituations = situations.similarTo(brief);
    const rules = { bull: this.#ruleBull.opine(brief), bear: this.#ruleBear.opine(brief) };
    return {
      brief,
      data: {
        ...briefData(brief, models, { features, anonymise: settings.anonymise }),
        ...(similarSituations === null ? {} : { similarSituations }),
      },
      pastCalls: { bull: memory.pastCalls('bull'), bear: memory.pastCalls('bear') },
      rules: settings.whenDown === 'rules' ? rules : null,
    };
  }

  #hold({ brief, data, pastCalls }: Agenda): Promise<Debated> {
    const { calls, prompts, settings, timers } = this.#options;
    const { rebuttalRounds, timeoutMs, debateTimeoutMs } = settings;
    const deadline = timers.monotonicMs() + (debateTimeoutMs ?? timeoutMs * (rebuttalRounds + 1));
    const ask: AskAgent = (agent, round, cases) => {
      const role = prompts.read(agent).text;
      const request: CallRequest = {
        agent,
        round,
        // The same in every round: a server may remember how a question begins.
        system: role,
        user:
          cases === null
            ? openingText(data, pastCalls[agent])
            : rebuttalText(data, pastCalls[agent], { round, ...cases }, prompts.read('rebuttal').text),
        bar: { symbol: brief.symbol, barOpenTime: brief.barOpenTime },
      };
      const withinMs = Math.min(timeoutMs, deadline - timers.monotonicMs());
      return calls.ask(request, { withinMs, stop: this.#closing.signal });
    };
    return holdDebate(ask, rebuttalRounds, (agent, opinion) =>
      foundedOf(opinion, { ...data, pastCalls: pastCalls[agent] }),
    );
  }

  #conclude({ brief, rules }: Agenda, debated: Debated): DebateResult {
    const { outcomes, calls } = debated;
    for (const agent of LLM_AGENTS) {
      const outcome = outcomes[agent];
      if (outcome.kind === 'opinion') this.#options.memory.remember(agent, outcome.opinion, brief);
    }
    const costUsd = sumUsd(calls.map((call) => call.costUsd));
    this.#costUsd = sumUsd([this.#costUsd, costUsd]);
    return { ...ballotOf(debated, rules), calls, costUsd };
  }
}

/** The opinion with what of its evidence is in the brief; who wants to act on nothing that is there has no opinion. */
function foundedOf(opinion: Opinion, brief: BriefData): Outcome {
  const { standing, struck } = checkEvidence(opinion.evidence, brief);
  const founded = { ...opinion, evidence: standing, ...(struck.length === 0 ? {} : { struck }) };
  if (opinion.action === 'HOLD' || standing.length > 0) return { kind: 'opinion', opinion: founded };
  const [first] = struck;
  const why = first === undefined ? 'it gives none' : `"${first.text}": ${first.why}`;
  return {
    kind: 'failure',
    failure: { code: 'unfounded', message: `no evidence for ${opinion.action} stands: ${why}` },
  };
}

/** A debate that may stand on later bars. */
interface Standing extends DebateMoment {
  readonly horizonBars: number;
  readonly opinions: readonly [bull: Opinion, bear: Opinion];
}

function isOpinion(vote: Vote): vote is Opinion {
  return vote.kind === 'vote' && vote.source === 'llm';
}

/** The votes of an earlier debate, which say so; with what is left of their horizon. */
function standing({ opinions, barOpenTime }: Standing, now: DebateMoment, words: string): DebateResult {
  const bars = Math.round((now.barOpenTime - barOpenTime) / TIMEFRAME_MS[now.timeframe]);
  const since = new Date(barOpenTime).toISOString().slice(0, 16).replace('T', ' ');
  const [bull, bear] = opinions.map((opinion): Vote => {
    const thesis = `Stands since the debate on the bar of ${since} UTC: ${words}. ${opinion.thesis}`;
    return { ...opinion, thesis, horizonBars: Math.max(1, opinion.horizonBars - bars) };
  });
  if (bull === undefined || bear === undefined) throw new TypeError('a debate has two sides');
  return { votes: [bull, bear], calls: [], costUsd: 0, standIns: [] };
}

/** Sums of millionths of a dollar, freed of what adding floats leaves behind. */
function sumUsd(amounts: readonly number[]): number {
  return Math.round(amounts.reduce((sum, amount) => sum + amount, 0) * 1e6) / 1e6;
}

function silent({ code, message }: LlmFailure): DebateResult {
  const [bull, bear] = LLM_AGENTS.map((voter): Vote => {
    return { kind: 'abstention', voter, source: 'llm', code, message };
  });
  if (bull === undefined || bear === undefined) throw new TypeError('a debate has two sides');
  return { votes: [bull, bear], calls: [], costUsd: 0, standIns: [] };
}
