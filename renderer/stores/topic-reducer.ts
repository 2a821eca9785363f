import {
  mergeRows,
  TOPICS,
  type TopicContent,
  type TopicName,
  type TopicRow,
} from '../../core/contract/index.ts';
import type { TopicMessage } from '../host/index.ts';

/** A topic's content after a message: snapshots and values replace it, changed rows are merged into it. */
export function applyMessage<N extends TopicName>(
  name: N,
  current: TopicContent<N> | null,
  message: TopicMessage<N>,
): TopicContent<N> | null {
  if (message.kind === 'snapshot' || TOPICS[name].kind === 'value' || current === null)
    return message.content;
  // Rows topics hold arrays of their rows, which the conditional type hides from the compiler here.
  const merged = mergeRows(
    name,
    current as readonly TopicRow<N>[],
    message.content as readonly TopicRow<N>[],
  );
  return merged as TopicContent<N>;
}
