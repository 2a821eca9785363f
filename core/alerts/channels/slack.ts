import type { AlertChannel } from '../channel.ts';
import { DeliveryFailure } from '../channel.ts';
import type { AlertMessage } from '../message.ts';
import { post, requireTaken } from './http-post.ts';

const MARKS = { info: ':information_source:', warning: ':warning:', critical: ':rotating_light:' } as const;

/** An incoming webhook of Slack, or of what speaks as it does. https://api.slack.com/messaging/webhooks */
export class SlackChannel implements AlertChannel {
  readonly name = 'slack';
  readonly #url: string;
  readonly #fetch: typeof globalThis.fetch;

  constructor(url: string, fetch: typeof globalThis.fetch) {
    this.#url = url;
    this.#fetch = fetch;
  }

  async send({ title, text, severity }: AlertMessage, signal: AbortSignal): Promise<string> {
    const body = JSON.stringify({ text: `${MARKS[severity]} *${escaped(title)}*\n${escaped(text)}` });
    const headers = { 'content-type': 'application/json' };
    const answer = await post(this.#fetch, { url: this.#url, headers, body }, signal);
    requireTaken(answer);
    // A login page of a hotel is a 200 as well.
    if (answer.body.trim() !== 'ok')
      throw new DeliveryFailure('answered, but not as Slack does: is the address that of a webhook?', {
        passing: true,
      });
    return 'Slack has taken it';
  }
}

/** As Slack wants its three characters of control. */
function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
