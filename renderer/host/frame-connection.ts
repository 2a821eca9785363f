import {
  ALERT_TEST_PATIENCE_MS,
  CallError,
  type ErrorBody,
  METHODS,
  type MethodName,
  type MethodParams,
  type MethodResult,
  ServerFrameSchema,
  type StreamMessage,
  type TopicAddress,
} from '../../core/contract/index.ts';
import type { Disposer } from '../disposer.ts';
import type { ConnectionState, HostConnection, TopicMessage, TopicOfAddress } from './host-connection.ts';
import { readContent } from './topic-content.ts';
import { PLATFORM_TIMERS, type Timers, type Transport } from './transport.ts';

type AnyListener = (message: TopicMessage<TopicOfAddress<TopicAddress>>) => void;

interface Subscription {
  readonly listeners: Set<AnyListener>;
  /** Sequence number of the next update, or null until the snapshot has come. */
  next: number | null;
}

interface PendingCall {
  readonly method: MethodName;
  readonly resolve: (result: never) => void;
  readonly reject: (error: CallError) => void;
  readonly stopTimer: Disposer;
}

export interface FrameConnectionOptions {
  readonly timers?: Timers;
  /** How long an answer may take. */
  readonly callTimeoutMs?: number;
  /** Told of complaints that belong to no call, such as a topic that the program does not have. */
  readonly onFault?: (error: CallError) => void;
}

const CALL_TIMEOUT_MS = 15_000;
/** Where the usual patience is not right. */
const PATIENCE_MS: { readonly [N in MethodName]?: number } = {
  // Large books are read and written whole.
  'storage.backup': 600_000,
  // The latch takes milliseconds: who presses the kill switch must soon know that nobody answers.
  'killSwitch.activate': 3_000,
  // A channel takes its time.
  'alerts.test': ALERT_TEST_PATIENCE_MS,
  // A venue is asked several things, one after the other.
  'venues.check': 90_000,
};

/** Speaks the contract's frames over any transport: a WebSocket or the desktop's bridge. */
export class FrameConnection implements HostConnection {
  readonly #transport: Transport;
  readonly #timers: Timers;
  readonly #callTimeoutMs: number;
  readonly #onFault: (error: CallError) => void;
  readonly #stateListeners = new Set<(state: ConnectionState) => void>();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #calls = new Map<number, PendingCall>();
  #state: ConnectionState = { kind: 'connecting' };
  #nextCallId = 1;

  constructor(transport: Transport, options: FrameConnectionOptions = {}) {
    this.#transport = transport;
    this.#timers = options.timers ?? PLATFORM_TIMERS;
    this.#callTimeoutMs = options.callTimeoutMs ?? CALL_TIMEOUT_MS;
    this.#onFault = options.onFault ?? (() => undefined);
    transport.open({
      onState: (state) => this.#changeState(state),
      onFrame: (frame) => this.#receive(frame),
    });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  onState(listener: (state: ConnectionState) => void): Disposer {
    this.#stateListeners.add(listener);
    return () => {
      this.#stateListeners.delete(listener);
    };
  }

  call<N extends MethodName>(method: N, params: MethodParams<N>): Promise<MethodResult<N>> {
    if (this.#state.kind !== 'connected') {
      const message = 'not connected to the program: nothing was sent';
      return Promise.reject(new CallError('DISCONNECTED', message, { retryable: true }));
    }
    const id = this.#nextCallId++;
    return new Promise((resolve, reject) => {
      const stopTimer = this.#timers.after(this.#patienceMs(method), () => this.#giveUp(id));
      this.#calls.set(id, { method, resolve, reject, stopTimer });
      this.#transport.send({ type: 'call', id, method, params });
    });
  }

  subscribe<A extends TopicAddress>(
    address: A,
    listener: (message: TopicMessage<TopicOfAddress<A>>) => void,
  ): Disposer {
    const known = this.#subscriptions.get(address);
    const subscription = known ?? { listeners: new Set<AnyListener>(), next: null };
    // Content is read with the schema of its own address before it reaches the listener.
    subscription.listeners.add(listener as AnyListener);
    this.#subscriptions.set(address, subscription);
    this.#askForSnapshot(address, subscription, known !== undefined);
    return () => {
      if (!subscription.listeners.delete(listener as AnyListener) || subscription.listeners.size > 0) return;
      this.#subscriptions.delete(address);
      if (this.#state.kind === 'connected') this.#transport.send({ type: 'unsubscribe', topic: address });
    };
  }

  retryNow(): void {
    this.#transport.retryNow();
  }

  close(): void {
    this.#transport.close();
    this.#failCalls();
  }

  #changeState(state: ConnectionState): void {
    const wasConnected = this.#state.kind === 'connected';
    this.#state = state;
    if (wasConnected) this.#failCalls();
    if (state.kind === 'connected') {
      for (const [address, subscription] of this.#subscriptions)
        this.#askForSnapshot(address, subscription, false);
    }
    for (const listener of this.#stateListeners) listener(state);
  }

  /** What came before the snapshot belongs to the stream that was left, and is ignored. */
  #askForSnapshot(address: string, subscription: Subscription, subscribed: boolean): void {
    subscription.next = null;
    if (this.#state.kind !== 'connected') return;
    if (subscribed) this.#transport.send({ type: 'unsubscribe', topic: address });
    this.#transport.send({ type: 'subscribe', topic: address });
  }

  #receive(data: unknown): void {
    const parsed = ServerFrameSchema.safeParse(data);
    if (!parsed.success) {
      this.#onFault(new CallError('INTERNAL', 'the program sent something this page does not understand'));
      return;
    }
    const frame = parsed.data;
    switch (frame.type) {
      case 'result':
        this.#settle(frame.id, frame.result);
        return;
      case 'error':
        this.#refuse(frame.id, frame.error);
        return;
      case 'stream':
        this.#stream(frame.message);
    }
  }

  #settle(id: number, result: unknown): void {
    const call = this.#take(id);
    if (call === undefined) return;
    const parsed = METHODS[call.method].result.safeParse(result);
    if (parsed.success) {
      // Parsed by the schema of the method that was called.
      call.resolve(parsed.data as never);
      return;
    }
    const message = `the answer to ${call.method} cannot be read: page and program are of different versions, reload`;
    call.reject(new CallError('INTERNAL', message, { cause: parsed.error }));
  }

  #refuse(id: number | null, body: ErrorBody): void {
    const error = CallError.fromBody(body);
    if (id === null) this.#onFault(error);
    else this.#take(id)?.reject(error);
  }

  #stream(message: StreamMessage): void {
    const subscription = this.#subscriptions.get(message.topic);
    if (subscription === undefined) return;
    if (message.kind === 'update') {
      if (subscription.next === null) return;
      if (message.sequence !== subscription.next) {
        this.#askForSnapshot(message.topic, subscription, true);
        return;
      }
    }
    subscription.next = message.sequence + 1;
    const content = readContent(message);
    if (content instanceof CallError) {
      this.#onFault(content);
      return;
    }
    for (const listener of subscription.listeners) listener(content);
  }

  #giveUp(id: number): void {
    const call = this.#take(id);
    if (call === undefined) return;
    const seconds = this.#patienceMs(call.method) / 1_000;
    const message = `no answer to ${call.method} in ${seconds} s: look whether it took effect before trying again`;
    call.reject(new CallError('UNAVAILABLE', message, { retryable: true }));
  }

  #patienceMs(method: MethodName): number {
    return PATIENCE_MS[method] ?? this.#callTimeoutMs;
  }

  #failCalls(): void {
    for (const id of [...this.#calls.keys()]) {
      const message = 'the connection was lost before the answer: look whether it took effect';
      this.#take(id)?.reject(new CallError('DISCONNECTED', message, { retryable: true }));
    }
  }

  #take(id: number): PendingCall | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    call?.stopTimer();
    return call;
  }
}
