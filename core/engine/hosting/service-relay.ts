import {
  CallError,
  type MethodName,
  type MethodParsedParams,
  type MethodResult,
  type StreamMessage,
  type TopicAddress,
} from '../../contract/index.ts';
import type { Disposer, Logger } from '../../domain/index.ts';
import type { ContractService, EngineMethod, EngineService, HostMethod } from '../service/client-session.ts';
import type { TopicHub } from '../service/topic-hub.ts';

/** What is answered while no engine runs. */
export interface BetweenEngines {
  /** What is being waited for, in words. */
  readonly waitingFor: () => string;
  /** Latches at once: no engine is needed for it, and the next one finds it. */
  readonly emergencyStop: (
    press: MethodParsedParams<'killSwitch.activate'>,
  ) => MethodResult<'killSwitch.activate'>;
}

export interface ServiceRelayOptions {
  /** Answers what needs no engine. */
  readonly host: {
    call<N extends HostMethod>(method: N, params: MethodParsedParams<N>): Promise<MethodResult<N>>;
  };
  /** Streams that need no engine: `startup`. */
  readonly hub: TopicHub;
  readonly between: BetweenEngines;
  readonly log: Logger;
}

interface Subscription {
  readonly address: TopicAddress;
  readonly listener: (message: StreamMessage) => void;
  end: Disposer | undefined;
}

/**
 * The contract over one engine after another: calls go to the one that runs, and whoever follows a stream gets a
 * snapshot of the next one's without asking again.
 */
export class ServiceRelay implements ContractService {
  readonly #options: ServiceRelayOptions;
  readonly #subscriptions = new Set<Subscription>();
  #engine: EngineService | undefined;

  constructor(options: ServiceRelayOptions) {
    this.#options = options;
  }

  attach(engine: EngineService): void {
    this.#engine = engine;
    for (const subscription of this.#subscriptions) this.#follow(engine, subscription);
  }

  detach(): void {
    this.#engine = undefined;
    for (const subscription of this.#subscriptions) {
      subscription.end?.();
      subscription.end = undefined;
    }
  }

  async call<N extends MethodName>(method: N, params: MethodParsedParams<N>): Promise<MethodResult<N>>;
  async call(method: MethodName, params: MethodParsedParams<MethodName>): Promise<unknown> {
    if (isOfHost(method)) {
      // A method comes with its own parameters; TypeScript has lost which of them it is.
      return this.#options.host.call(method, params as never);
    }
    if (this.#engine === undefined) return this.#between(method, params);
    return this.#engine.call(method, params as never); // likewise
  }

  subscribe(address: TopicAddress, listener: (message: StreamMessage) => void): Disposer {
    if (address === 'startup') return this.#options.hub.subscribe(address, listener);
    const subscription: Subscription = { address, listener, end: undefined };
    subscription.end = this.#engine?.subscribe(address, listener);
    this.#subscriptions.add(subscription);
    return () => {
      this.#subscriptions.delete(subscription);
      subscription.end?.();
    };
  }

  #follow(engine: EngineService, subscription: Subscription): void {
    const { address, listener } = subscription;
    try {
      subscription.end = engine.subscribe(address, listener);
    } catch (error) {
      // What this engine does not have, such as candles of a symbol that it does not trade, stays still.
      if (!(error instanceof CallError))
        this.#options.log.error({ err: error, address }, 'a stream could not be followed');
    }
  }

  #between(method: EngineMethod, params: unknown): unknown {
    const { between } = this.#options;
    if (method === 'killSwitch.activate')
      return between.emergencyStop(params as MethodParsedParams<'killSwitch.activate'>); // likewise
    if (method === 'health.get') return { ready: false, problems: [between.waitingFor()], components: [] };
    throw new CallError('UNAVAILABLE', `${between.waitingFor()}: try again in a moment`, { retryable: true });
  }
}

function isOfHost(method: MethodName): method is HostMethod {
  return method.startsWith('venues.');
}
