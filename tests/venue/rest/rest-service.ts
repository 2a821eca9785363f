import type { VenueAccount } from '../accounts/venue-account.ts';
import type { VenueClock } from '../clock/venue-clock.ts';
import type { RefusalWords, Wire } from '../dialects/dialect.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import { Refusal } from '../orders/refusal.ts';
import {
  type Answer,
  codeAnswer,
  cut,
  jsonAnswer,
  PAGE_503,
  TIMED_OUT,
  UNKNOWN_OUTCOME,
  WithStatus,
} from './answer.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Route } from './route.ts';
import { accountOfKey, checkSigned } from './signing.ts';
import type { VenueRequest } from './venue-request.ts';

export interface RestTerms {
  readonly clock: VenueClock;
  readonly accounts: ReadonlyMap<string, VenueAccount>;
  readonly faults: FaultBoard;
  readonly limits: RateLimits;
  readonly routes: readonly Route[];
  readonly words: RefusalWords;
  readonly wire?: Wire | undefined;
  /** The time as the venue tells it. */
  readonly serverTime: () => number;
}

/** A request that arrived, as tests count them. */
export interface RequestRecord {
  readonly at: number;
  readonly route: string;
  readonly status: number | 'cut';
}

/** Answers requests: limits, key and signature, the route, and whatever fault lies on the way. */
export class RestService {
  readonly requests: RequestRecord[] = [];
  /** Told of each request as it arrives, by its route. */
  onArrival: (route: string) => void = () => undefined;
  readonly #terms: RestTerms;
  readonly #routes: ReadonlyMap<string, Route>;
  /** Requests that have passed the gate and have not come any further. */
  readonly #heldBack: (() => void)[] = [];

  constructor(terms: RestTerms) {
    this.#terms = terms;
    this.#routes = new Map(terms.routes.map((route) => [route.route, route]));
  }

  get usedWeight(): number {
    return this.#terms.limits.usedWeight;
  }

  /** @returns null where the connection is to be cut. */
  async answer(request: VenueRequest): Promise<Answer | null> {
    this.onArrival(request.route);
    const answer = await this.#answer(request);
    this.requests.push({
      at: this.#terms.clock.now(),
      route: request.route,
      status: answer?.status ?? 'cut',
    });
    return answer;
  }

  /** Carries out what was held back. */
  letArrive(): void {
    for (const arrive of this.#heldBack.splice(0)) arrive();
  }

  async #answer(request: VenueRequest): Promise<Answer | null> {
    const { faults, limits, clock } = this.#terms;
    const subject = `${request.route}?${request.signed}`;
    if (faults.strike('lost-request', subject) !== undefined) return null;
    const late = faults.strike('late-request', subject);
    if (late !== undefined) await clock.passed(late.ms ?? 1_000);
    for (const [name, status] of SHUT_OUT) {
      const fault = faults.strike(name, subject);
      if (fault !== undefined) return shutOut(status, Math.ceil((fault.ms ?? 1_000) / 1000), clock);
    }
    if (faults.strike('bad-gateway', subject) !== undefined) return PAGE_503;
    if (faults.strike('timeout', subject) !== undefined) return TIMED_OUT;
    const checkedAt = this.#terms.serverTime();
    if (faults.strike('held-back', subject) !== undefined) {
      this.#heldBack.push(() => this.#carryOut(request, checkedAt));
      return TIMED_OUT;
    }
    const answer = this.#carryOut(request, checkedAt);
    const used = `${limits.usedWeight}`;
    const headers = {
      'x-mbx-used-weight': used,
      'x-mbx-used-weight-1m': used,
      'x-mbx-order-count-10s': `${limits.orderCount}`,
    };
    const slow = faults.strike('late-answer', subject);
    if (slow !== undefined) await clock.passed(slow.ms ?? 1_000);
    if (faults.strike('lost-answer', subject) !== undefined) return null;
    if (faults.strike('unknown-outcome', subject) !== undefined) return UNKNOWN_OUTCOME;
    const whole = { ...answer, headers: { ...headers, ...answer.headers } };
    if (faults.strike('empty-answer', subject) !== undefined) return { ...whole, status: 200, body: '{}' };
    return faults.strike('cut-json', subject) === undefined ? whole : cut(whole);
  }

  /** @param checkedAt when its age was looked at. */
  #carryOut(request: VenueRequest, checkedAt: number): Answer {
    const { limits, words, clock, wire } = this.#terms;
    const route = this.#routes.get(request.route);
    const isOrder = route !== undefined && route.security !== 'public' && route.isOrder === true;
    const { weight = 1 } = route ?? {};
    const verdict = limits.ask(typeof weight === 'number' ? weight : weight(request), isOrder);
    if (verdict.kind !== 'fine')
      return shutOut(verdict.kind === 'banned' ? 418 : 429, verdict.retryAfterSeconds, clock);
    try {
      if (route === undefined) throw new Refusal('unknown-path', request.path);
      const result = this.#run(route, request, checkedAt);
      if (result instanceof WithStatus) return jsonAnswer(result.status, result.body);
      return jsonAnswer(200, wire === undefined ? result : wire.success(result));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const said = words(error.reason, error.detail, request.route);
      if (wire !== undefined) return jsonAnswer(said.status, wire.refusal(said));
      return codeAnswer(said.status, said.code, said.msg);
    }
  }

  #run(route: Route, request: VenueRequest, checkedAt: number): unknown {
    if (route.security === 'public') return route.run(request);
    const { accounts, wire } = this.#terms;
    const account =
      route.security === 'key'
        ? accountOfKey(accounts.values(), request.apiKey)
        : checkSigned(accounts.values(), wire?.signed(request) ?? signedParts(request), checkedAt);
    if (route.isOrder === true && !account.terms.trading) throw new Refusal('bad-key');
    return route.run(request, account);
  }
}

const SHUT_OUT = [
  ['too-many-requests', 429],
  ['banned', 418],
] as const;

function shutOut(status: 429 | 418, seconds: number, clock: VenueClock): Answer {
  const msg =
    status === 418
      ? `Way too many requests; IP banned until ${clock.now() + seconds * 1000}.`
      : 'Too many requests; please use the websocket for live updates to avoid polling the API.';
  return codeAnswer(status, -1003, msg, { 'retry-after': `${seconds}` });
}

const signedParts = (request: VenueRequest) => ({
  apiKey: request.apiKey,
  signed: request.signed,
  signature: request.text('signature'),
  timestamp: request.text('timestamp'),
  receiveWindow: request.text('recvWindow'),
});
