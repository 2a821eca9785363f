import {
  CallError,
  type MethodName,
  type MethodParsedParams,
  type MethodResult,
  type StatusView,
  type StreamMessage,
  type TopicAddress,
} from '../../core/contract/index.ts';
import type { Disposer } from '../../core/domain/index.ts';
import type { ContractService } from '../../core/engine/service/client-session.ts';
import { TopicHub } from '../../core/engine/service/topic-hub.ts';

type Answer<N extends MethodName> = (
  params: MethodParsedParams<N>,
) => MethodResult<N> | Promise<MethodResult<N>>;
type Answers = { [N in MethodName]?: Answer<N> };

/** An engine for tests of hosts: answers as told, remembers what it was asked, streams what is published. */
export class FakeContractService implements ContractService {
  readonly hub = new TopicHub();
  readonly calls: { readonly method: MethodName; readonly params: unknown }[] = [];
  openSubscriptions = 0;
  readonly #answers: Answers;

  constructor(answers: Answers = {}) {
    this.#answers = answers;
  }

  async call<N extends MethodName>(method: N, params: MethodParsedParams<N>): Promise<MethodResult<N>> {
    this.calls.push({ method, params });
    const answer = this.#answers[method];
    if (answer === undefined)
      throw new CallError('UNAVAILABLE', `${method} is not ready`, { retryable: true });
    return answer(params);
  }

  subscribe(address: TopicAddress, listener: (message: StreamMessage) => void): Disposer {
    if (address === 'candles:NOT/TRADED') throw new CallError('NOT_FOUND', 'NOT/TRADED is not traded');
    const dispose = this.hub.subscribe(address, listener);
    this.openSubscriptions += 1;
    return () => {
      dispose();
      this.openSubscriptions -= 1;
    };
  }
}

/** The status of a bot that trades the demo and is well, but for what is spelled out. */
export function statusOf(given: Partial<StatusView> = {}): StatusView {
  return {
    version: '1.2.3',
    mode: 'demo',
    host: 'desktop',
    exchange: 'simulated',
    symbols: ['BTC/USDT'],
    timeframe: '1h',
    strategy: 'ensemble',
    analysts: 'rules',
    llm: null,
    models: { installed: 0, message: 'no model is installed' },
    trading: 'running',
    message: 'trading',
    pause: null,
    marketTime: 1_700_000_000_000,
    speed: 1,
    killSwitch: { engaged: false, at: null, reason: null, stage: 'armed', failures: [] },
    breaker: { tripped: false, reason: null, until: null },
    feed: { lastMessageAgeMs: 10, stale: false, gaps: 0 },
    markets: [{ symbol: 'BTC/USDT', tradable: true, stale: false, ageMs: 0, message: '' }],
    reconciliation: { green: true, at: 1_700_000_000_000, differences: [] },
    venue: null,
    conditions: [],
    ...given,
  };
}
