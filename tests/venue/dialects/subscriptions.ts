import * as z from 'zod';
import type { StreamConnection } from '../streams/stream-connection.ts';

const Subscription = z.object({
  method: z.enum(['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS']),
  params: z.array(z.string()).optional(),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
});

/** SUBSCRIBE and its like on a socket of public streams. */
export function receiveSubscription(connection: StreamConnection, message: unknown): void {
  const asked = Subscription.safeParse(message);
  if (!asked.success) {
    connection.send({ error: { code: 2, msg: 'Invalid request: unknown method' }, id: null });
    return;
  }
  const { method, params = [], id = null } = asked.data;
  for (const stream of params) {
    if (method === 'SUBSCRIBE') connection.streams.add(stream);
    if (method === 'UNSUBSCRIBE') connection.streams.delete(stream);
  }
  connection.send({ result: method === 'LIST_SUBSCRIPTIONS' ? [...connection.streams] : null, id });
}
