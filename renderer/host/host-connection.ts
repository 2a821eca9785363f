import type {
  MethodName,
  MethodParams,
  MethodResult,
  TopicAddress,
  TopicContent,
  TopicName,
} from '../../core/contract/index.ts';
import type { Disposer } from '../disposer.ts';

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  /** Lost or never had; `retryAt` is the UTC millisecond of the next attempt. */
  | { readonly kind: 'disconnected'; readonly retryAt: number }
  /** The host does not know this browser: the trader must open the printed URL. */
  | { readonly kind: 'unauthorised' };

/** The topic that an address belongs to. */
export type TopicOfAddress<A extends TopicAddress> = A extends TopicName ? A : 'candles';

/**
 * What a topic tells its subscribers. A snapshot replaces everything known; `null` is a value that the program
 * has not got yet. An update carries the changed rows, or the new value.
 */
export type TopicMessage<N extends TopicName> =
  | { readonly kind: 'snapshot'; readonly content: TopicContent<N> | null }
  | { readonly kind: 'update'; readonly content: TopicContent<N> };

/** The one door between the pages and the program, whatever lies between them. */
export interface HostConnection {
  readonly state: ConnectionState;
  onState(listener: (state: ConnectionState) => void): Disposer;
  /**
   * Makes a call and gives its checked result.
   *
   * @throws CallError; DISCONNECTED at once when there is no connection. Nothing is queued.
   */
  call<N extends MethodName>(method: N, params: MethodParams<N>): Promise<MethodResult<N>>;
  /** A snapshot now and after each loss of connection or gap, and all updates between. */
  subscribe<A extends TopicAddress>(
    address: A,
    listener: (message: TopicMessage<TopicOfAddress<A>>) => void,
  ): Disposer;
  /** Tries to connect at once instead of waiting for the next attempt. */
  retryNow(): void;
  close(): void;
}
