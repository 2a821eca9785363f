import { z } from 'zod';
import {
  CallError,
  describeIssues,
  type StreamMessage,
  TOPICS,
  type TopicName,
  topicOf,
} from '../../core/contract/index.ts';
import type { TopicMessage } from './host-connection.ts';

const ROW_LISTS: ReadonlyMap<TopicName, z.ZodType> = new Map(
  Object.entries(TOPICS)
    .filter(([, topic]) => topic.kind === 'rows')
    // Object.entries forgets that the keys are the topics' names.
    .map(([name, topic]) => [name as TopicName, z.array(topic.schema)]),
);

/** A stream message with its content checked by its topic's schema, or what is wrong with it. */
export function readContent(message: StreamMessage): TopicMessage<TopicName> | CallError {
  const name = topicOf(message.topic);
  if (name === undefined) return new CallError('INTERNAL', `there is no topic ${message.topic}`);
  if (message.kind === 'snapshot' && message.content === null) return { kind: 'snapshot', content: null };
  const schema = ROW_LISTS.get(name) ?? TOPICS[name].schema;
  const parsed = schema.safeParse(message.content);
  if (!parsed.success) {
    const [issue] = describeIssues(parsed.error, message.topic);
    return new CallError('INTERNAL', `${issue}: page and program are of different versions, reload the page`);
  }
  // Parsed by the schema of this very topic.
  return { kind: message.kind, content: parsed.data } as TopicMessage<TopicName>;
}
