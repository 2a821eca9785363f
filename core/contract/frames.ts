import { z } from 'zod';
import { ErrorBodySchema } from './errors.ts';
import { StreamMessageSchema } from './topics.ts';

/** What travels over a WebSocket or the desktop bridge, one JSON document a message. */

const callId = z.number().int().min(0);

export const ClientFrameSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call'), id: callId, method: z.string(), params: z.unknown().optional() }),
  z.strictObject({ type: z.literal('subscribe'), topic: z.string().max(100) }),
  z.strictObject({ type: z.literal('unsubscribe'), topic: z.string().max(100) }),
]);
export type ClientFrame = z.infer<typeof ClientFrameSchema>;

export const ServerFrameSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('result'), id: callId, result: z.unknown() }),
  /** `id` is null when the client's frame could not be read. */
  z.object({ type: z.literal('error'), id: callId.nullable(), error: ErrorBodySchema }),
  z.object({ type: z.literal('stream'), message: StreamMessageSchema }),
]);
export type ServerFrame = z.infer<typeof ServerFrameSchema>;
