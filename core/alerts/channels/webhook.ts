import type { AlertSettings } from '../../contract/index.ts';
import type { AlertChannel } from '../channel.ts';
import type { AlertMessage } from '../message.ts';
import { post, requireTaken } from './http-post.ts';
import { ownBody, TEMPLATES } from './webhook-templates.ts';

export interface WebhookOptions {
  readonly url: string;
  /** What the server wants besides, or null. */
  readonly token: string | null;
  readonly settings: Pick<AlertSettings['webhook'], 'template' | 'body'>;
  readonly fetch: typeof globalThis.fetch;
}

/** A server that takes a POST, such as ntfy, Discord or Gotify. */
export class WebhookChannel implements AlertChannel {
  readonly name = 'webhook';
  readonly #options: WebhookOptions;
  readonly #put: (typeof TEMPLATES)['json'];

  constructor(options: WebhookOptions) {
    this.#options = options;
    const { template, body } = options.settings;
    this.#put = body === null ? TEMPLATES[template] : ownBody(body);
  }

  async send(message: AlertMessage, signal: AbortSignal): Promise<string> {
    const { url, token, fetch } = this.#options;
    const answer = await post(fetch, { url, ...this.#put(message, token) }, signal);
    requireTaken(answer);
    return `the server has taken it (${answer.status})`;
  }
}
