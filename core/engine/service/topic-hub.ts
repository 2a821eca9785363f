import {
  mergeRows,
  rowKey,
  type StreamMessage,
  TOPICS,
  type TopicAddress,
  type TopicName,
  type TopicRow,
  topicOf,
} from '../../contract/index.ts';
import type { Disposer } from '../../domain/index.ts';

export type StreamListener = (message: StreamMessage) => void;

interface Stream {
  readonly name: TopicName;
  /** As last sent. Null or empty until something was. */
  content: unknown;
  sequence: number;
  /** What was published since: rows by key, or the one new value. */
  readonly pending: Map<unknown, unknown>;
  readonly listeners: Set<StreamListener>;
}

/**
 * Keeps the content of every topic and tells its subscribers of changes. Publishing only notes a change, so it
 * may happen at any rate; `flush`, called by the host at its own pace, sends one message per changed topic. A
 * value equal to what was sent before is not sent again.
 */
export class TopicHub {
  readonly #streams = new Map<string, Stream>();

  /** Replaces the content of a value topic. */
  set<N extends TopicName>(address: TopicAddress & N, value: TopicRow<N>): void {
    this.#stream(address).pending.set('value', value);
  }

  /** Inserts or replaces rows of a rows topic. */
  upsert<N extends TopicName>(name: N, address: TopicAddress, rows: readonly TopicRow<N>[]): void {
    const stream = this.#stream(address);
    for (const row of rows) stream.pending.set(rowKey(name, row), row);
  }

  /** Sends the snapshot at once and every later update until disposed. */
  subscribe(address: TopicAddress, listener: StreamListener): Disposer {
    const stream = this.#stream(address);
    this.#send(address, stream);
    stream.listeners.add(listener);
    listener({ topic: address, kind: 'snapshot', sequence: stream.sequence, content: stream.content });
    return () => {
      stream.listeners.delete(listener);
    };
  }

  /** Sends what changed since the last flush. */
  flush(): void {
    for (const [address, stream] of this.#streams) this.#send(address, stream);
  }

  #send(address: string, stream: Stream): void {
    if (stream.pending.size === 0) return;
    const content = this.#absorb(stream);
    if (content === undefined) return;
    stream.sequence += 1;
    const message: StreamMessage = { topic: address, kind: 'update', sequence: stream.sequence, content };
    for (const listener of stream.listeners) listener(message);
  }

  /** Moves the pending changes into the content; gives the message's content, or undefined if nothing changed. */
  #absorb(stream: Stream): unknown {
    const changed = [...stream.pending.values()];
    stream.pending.clear();
    if (TOPICS[stream.name].kind === 'rows') {
      // Streams hold what `upsert` was given for their own topic.
      stream.content = mergeRows(
        stream.name,
        stream.content as TopicRow<TopicName>[],
        changed as TopicRow<TopicName>[],
      );
      return changed;
    }
    const [value] = changed;
    if (JSON.stringify(value) === JSON.stringify(stream.content)) return undefined;
    stream.content = value;
    return value;
  }

  #stream(address: string): Stream {
    const known = this.#streams.get(address);
    if (known !== undefined) return known;
    const name = topicOf(address);
    if (name === undefined) throw new TypeError(`there is no topic ${address}`);
    const content = TOPICS[name].kind === 'rows' ? [] : null;
    const stream: Stream = { name, content, sequence: 0, pending: new Map(), listeners: new Set() };
    this.#streams.set(address, stream);
    return stream;
  }
}
