import type { Severity, WebhookTemplate } from '../../contract/index.ts';
import type { AlertMessage } from '../message.ts';
import type { HttpPost } from './http-post.ts';

/** How a message is put for each kind of server. */
type Template = (message: AlertMessage, token: string | null) => Omit<HttpPost, 'url'>;

const JSON_TYPE = { 'content-type': 'application/json' } as const;
/** https://docs.ntfy.sh/publish/#message-priority */
const NTFY_PRIORITY: Readonly<Record<Severity, string>> = { info: '3', warning: '4', critical: '5' };
/** Android's clients of Gotify make a noise from 4, and wake from 8 on. */
const GOTIFY_PRIORITY: Readonly<Record<Severity, number>> = { info: 2, warning: 5, critical: 8 };
/** https://discord.com/developers/docs/resources/webhook#execute-webhook */
const DISCORD_LONGEST = 2_000;

export const TEMPLATES: Readonly<Record<WebhookTemplate, Template>> = {
  ntfy: ({ title, text, severity }, token) => ({
    headers: {
      ...bearer(token),
      title: headerText(title),
      priority: NTFY_PRIORITY[severity],
      'content-type': 'text/plain; charset=utf-8',
    },
    body: text,
  }),
  discord: ({ title, text }) => ({
    headers: JSON_TYPE,
    // Nobody is called by what stands in an alert.
    body: JSON.stringify({
      content: `**${title}**\n${text}`.slice(0, DISCORD_LONGEST),
      allowed_mentions: { parse: [] },
    }),
  }),
  gotify: ({ title, text, severity }, token) => ({
    headers: { ...JSON_TYPE, ...(token === null ? {} : { 'x-gotify-key': token }) },
    body: JSON.stringify({ title, message: text, priority: GOTIFY_PRIORITY[severity] }),
  }),
  json: (message, token) => ({
    headers: { ...JSON_TYPE, ...bearer(token) },
    body: JSON.stringify(fieldsOf(message)),
  }),
};

/** The trader's own JSON, with the message's fields in its texts. */
export function ownBody(template: string): Template {
  // It was read once, with the settings.
  const parsed: unknown = JSON.parse(template);
  return (message, token) => ({
    headers: { ...JSON_TYPE, ...bearer(token) },
    body: JSON.stringify(filled(parsed, fieldsOf(message))),
  });
}

function fieldsOf({ id, time, kind, severity, title, text }: AlertMessage) {
  return { id, time: new Date(time).toISOString(), kind, severity, title, text };
}

function filled(value: unknown, fields: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string')
    return value.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => fields[name] ?? whole);
  if (Array.isArray(value)) return value.map((each) => filled(each, fields));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each, fields)]));
}

function bearer(token: string | null): Readonly<Record<string, string>> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** A header holds ASCII only: RFC 2047 for whatever else. */
function headerText(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
}
