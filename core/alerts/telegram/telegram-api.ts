import { z } from 'zod';
import { DeliveryFailure } from '../channel.ts';
import { type HttpAnswer, post, requireTaken } from '../channels/http-post.ts';

const AnswerSchema = z.object({
  ok: z.boolean(),
  result: z.unknown().optional(),
  description: z.string().optional(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
});

export interface TelegramAccess {
  readonly apiRoot: string;
  readonly token: string;
  readonly fetch: typeof globalThis.fetch;
}

/** Bots of Telegram. https://core.telegram.org/bots/api */
export class TelegramApi {
  readonly #access: TelegramAccess;

  constructor(access: TelegramAccess) {
    this.#access = access;
  }

  /** @throws DeliveryFailure for whatever is no clear yes; the token is in none of its words. */
  async call(method: string, parameters: object, signal: AbortSignal): Promise<unknown> {
    const { apiRoot, token, fetch } = this.#access;
    const url = `${apiRoot.replace(/\/+$/, '')}/bot${token}/${method}`;
    const headers = { 'content-type': 'application/json' };
    const answer = await post(fetch, { url, headers, body: JSON.stringify(parameters) }, signal);
    const said = AnswerSchema.safeParse(jsonOf(answer));
    if (!said.success) {
      requireTaken(answer);
      throw new DeliveryFailure('answered, but not as Telegram does', { passing: true });
    }
    const { ok, result, description, parameters: more } = said.data;
    if (ok) return result;
    const waitMs = (more?.retry_after ?? 0) * 1_000;
    requireTaken({ ...answer, body: description ?? '', retryAfterMs: Math.max(waitMs, answer.retryAfterMs) });
    throw new DeliveryFailure(`answered: ${description ?? 'no'}`, { passing: true, waitMs });
  }
}

function jsonOf({ body }: HttpAnswer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
