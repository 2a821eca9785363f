import { create } from 'zustand';
import type { TopicContent, TopicName } from '../../core/contract/index.ts';
import type { TopicMessage } from '../host/index.ts';
import { applyMessage } from './topic-reducer.ts';

interface TopicState<N extends TopicName> {
  /** Null until the program has told. */
  readonly content: TopicContent<N> | null;
  readonly apply: (message: TopicMessage<N>) => void;
}

/** A store that follows one topic. */
export function createTopicStore<N extends TopicName>(name: N) {
  return create<TopicState<N>>()((set) => ({
    content: null,
    apply: (message) => set(({ content }) => ({ content: applyMessage(name, content, message) })),
  }));
}
