import { afterEach, describe, expect, test } from 'vitest';
import { AlertSettingsSchema, WEBHOOK_TEMPLATES } from '../../contract/index.ts';
import type { AlertChannel } from '../channel.ts';
import { SEND_TIMEOUT_MS } from '../delivery/channel-queue.ts';
import { TelegramApi } from '../telegram/telegram-api.ts';
import { type Answer, type HttpSink, httpSink, type Posted } from '../testing/http-sink.ts';
import { message, queueScene } from '../testing/queue-scene.ts';
import { SlackChannel } from './slack.ts';
import { TelegramChannel } from './telegram.ts';
import { WebhookChannel } from './webhook.ts';

/** Each channel over HTTP against a server of its own that speaks as its service does. */

let sink: HttpSink | undefined;
afterEach(async () => sink?.close());

interface Case {
  readonly name: string;
  readonly open: (url: string) => AlertChannel;
  readonly taken: Answer;
  /** `said`: what it says, where that is more than its words. */
  readonly refused: { readonly status: number; readonly body: string; readonly said?: string };
  readonly busy: Answer;
}

const webhook =
  (template: (typeof WEBHOOK_TEMPLATES)[number], token: string | null = null) =>
  (url: string) =>
    new WebhookChannel({
      ...{ url: `${url}/hook/secret-path`, token, fetch },
      settings: AlertSettingsSchema.parse({ webhook: { template } }).webhook,
    });

const CASES: readonly Case[] = [
  {
    name: 'Slack',
    open: (url) => new SlackChannel(`${url}/services/T0/B0/secret-path`, fetch),
    taken: { status: 200, body: 'ok' },
    refused: { status: 403, body: 'invalid_token' },
    busy: { status: 429, headers: { 'retry-after': '30' }, body: 'rate_limited' },
  },
  {
    name: 'Telegram',
    open: (url) =>
      new TelegramChannel(new TelegramApi({ apiRoot: url, token: '123456:secret-path', fetch }), '4242'),
    taken: { status: 200, body: '{"ok":true,"result":{}}' },
    refused: {
      status: 403,
      body: 'Forbidden: bot was blocked by the user',
      said: '{"ok":false,"description":"Forbidden: bot was blocked by the user"}',
    },
    busy: {
      status: 429,
      body: '{"ok":false,"description":"Too Many Requests","parameters":{"retry_after":30}}',
    },
  },
  ...WEBHOOK_TEMPLATES.map((template) => ({
    name: `webhook as ${template}`,
    open: webhook(template),
    taken: { status: 200, body: '{}' },
    refused: { status: 401, body: 'unauthorized' },
    busy: { status: 429, headers: { 'retry-after': '30' } },
  })),
];

describe.each(CASES)('$name', ({ open, taken, refused, busy }) => {
  async function scene(first: Answer) {
    sink = await httpSink(first);
    return { sink, ...queueScene(open(sink.url)) };
  }

  test('delivers, and what was delivered says what was to be said', async () => {
    const { sink, queue, tried, fates } = await scene(taken);
    queue.add(message('a', { title: 'Stop hit', text: 'BTC/USDT -12.5 USDT' }));
    await tried();
    expect(fates()).toEqual([{ id: 'a', state: 'sent', attempts: 1, problem: null }]);
    const [posted, ...more] = sink.posted;
    expect(more).toEqual([]);
    const all = JSON.stringify(posted);
    expect(all).toContain('Stop hit');
    expect(all).toContain('BTC/USDT -12.5 USDT');
    expect(posted?.path).toContain('secret-path');
  });

  test('is told that it was refused, and does not try again', async () => {
    const { status, body, said = body } = refused;
    const { sink, queue, tried, fates } = await scene({ status, body: said });
    queue.add(message('a'));
    await tried();
    await tried(3_600_000);
    expect(sink.posted).toHaveLength(1);
    expect(fates()).toEqual([
      { id: 'a', state: 'refused', attempts: 1, problem: `answered ${status}: ${body}` },
    ]);
  });

  test.each(['hang', 'half'] as const)(
    'gives up a server that answers nothing or half (%s), and tries again',
    async (how) => {
      const { sink, queue, clock, tried, fates } = await scene(how);
      queue.add(message('a'));
      queue.step();
      await sink.got(1);
      clock.advanceTo(clock.now() + SEND_TIMEOUT_MS);
      await tried();
      expect(fates()).toEqual([{ id: 'a', state: 'waiting', attempts: 1, problem: 'no answer within 15 s' }]);
      sink.answers(taken);
      await tried(5_000);
      expect(fates()).toEqual([{ id: 'a', state: 'sent', attempts: 2, problem: null }]);
    },
  );

  test('waits as long as a busy server asks for, then delivers', async () => {
    const { sink, queue, tried, fates } = await scene(busy);
    queue.add(message('a'));
    await tried();
    sink.answers(taken);
    await tried(29_999);
    expect(sink.posted).toHaveLength(1);
    await tried(1);
    expect(fates()).toEqual([{ id: 'a', state: 'sent', attempts: 2, problem: null }]);
  });

  test('delivers when the server is there again, and says why it was not, without its address', async () => {
    const { sink, queue, tried, fates, troubles } = await scene({ status: 503, body: 'down' });
    queue.add(message('a'));
    await tried();
    await sink.close();
    await tried(5_000);
    expect(fates()).toEqual([{ id: 'a', state: 'waiting', attempts: 2, problem: 'no answer: ECONNREFUSED' }]);
    expect(troubles).toEqual(['answered 503: down']);
    expect(JSON.stringify(fates())).not.toContain('secret-path');
  });

  test('does not follow where it is sent on to: the key would go along', async () => {
    const { sink, queue, tried, fates } = await scene({ status: 302, headers: { location: '/elsewhere' } });
    queue.add(message('a'));
    await tried();
    expect(sink.posted).toHaveLength(1);
    expect(fates()[0]).toMatchObject({ state: 'refused', problem: 'answered 302' });
  });
});

async function put(
  open: (url: string) => AlertChannel,
  change: Parameters<typeof message>[1],
): Promise<Posted> {
  sink = await httpSink({ status: 200, body: 'ok' });
  await open(sink.url).send(message('m1', change), new AbortController().signal);
  const [posted] = sink.posted;
  if (posted === undefined) throw new RangeError('nothing was posted');
  return posted;
}

describe('as its service takes it', () => {
  const critical = { severity: 'critical', title: 'Entrées arrêtées', text: 'a <b> & c' } as const;

  test('Slack: its control characters are escaped', async () => {
    const { body } = await put((url) => new SlackChannel(url, fetch), critical);
    expect(JSON.parse(body)).toEqual({
      text: ':rotating_light: *Entrées arrêtées*\na &lt;b&gt; &amp; c',
    });
  });

  test('Slack: a page that is no answer of Slack is no delivery', async () => {
    sink = await httpSink({ status: 200, body: '<html>log in</html>' });
    const { queue, tried, fates } = queueScene(new SlackChannel(sink.url, fetch));
    queue.add(message('a'));
    await tried();
    expect(fates()[0]).toMatchObject({
      state: 'waiting',
      problem: expect.stringMatching(/not as Slack does/),
    });
  });

  test('Telegram: to the chat, as plain text, and what is mere information without a sound', async () => {
    sink = await httpSink({ status: 200, body: '{"ok":true}' });
    const api = new TelegramApi({ apiRoot: `${sink.url}/`, token: '123456:abc', fetch });
    await new TelegramChannel(api, '4242').send(
      message('m1', { severity: 'info' }),
      new AbortController().signal,
    );
    const [posted] = sink.posted;
    expect(posted?.path).toBe('/bot123456:abc/sendMessage');
    expect(JSON.parse(posted?.body ?? '')).toEqual({
      ...{ chat_id: '4242', text: 'ℹ️ title m1\ntext m1', disable_notification: true },
    });
  });

  test('Telegram: an answer that is none of its own is no delivery', async () => {
    sink = await httpSink({ status: 200, body: '<html>log in</html>' });
    const api = new TelegramApi({ apiRoot: sink.url, token: '123456:abc', fetch });
    const { queue, tried, fates } = queueScene(new TelegramChannel(api, '4242'));
    queue.add(message('a'));
    await tried();
    expect(fates()[0]).toMatchObject({ state: 'waiting', problem: 'answered, but not as Telegram does' });
  });

  test('ntfy: priority and title in headers, the token as bearer', async () => {
    const { headers, body } = await put(webhook('ntfy', 'tk_1'), critical);
    expect(headers).toMatchObject({ priority: '5', authorization: 'Bearer tk_1' });
    expect(headers['title']).toBe(`=?UTF-8?B?${Buffer.from('Entrées arrêtées').toString('base64')}?=`);
    expect(body).toBe('a <b> & c');
  });

  test('Discord: nobody is called by what stands in it, and it is not too long', async () => {
    const { body } = await put(webhook('discord'), { title: '@everyone', text: 'x'.repeat(2_900) });
    const sent = JSON.parse(body);
    expect(sent.allowed_mentions).toEqual({ parse: [] });
    expect(sent.content).toHaveLength(2_000);
  });

  test('Gotify: its token in its own header', async () => {
    const { headers, body } = await put(webhook('gotify', 'A1'), critical);
    expect(headers['x-gotify-key']).toBe('A1');
    expect(JSON.parse(body)).toEqual({ title: 'Entrées arrêtées', message: 'a <b> & c', priority: 8 });
  });

  test('JSON: every field, by its name', async () => {
    const { body } = await put(webhook('json'), critical);
    expect(JSON.parse(body)).toEqual({
      ...{ id: 'm1', time: '2026-01-05T12:00:00.000Z', kind: 'alert' },
      ...{ severity: 'critical', title: 'Entrées arrêtées', text: 'a <b> & c' },
    });
  });

  test("the trader's own JSON, which no text can break out of", async () => {
    const own = '{"msg":{"head":"[{{severity}}] {{title}}","lines":["{{text}}","{{unknown}}"]},"level":3}';
    const { body } = await put(
      (url) =>
        new WebhookChannel({
          ...{ url, token: null, fetch },
          settings: AlertSettingsSchema.parse({ webhook: { body: own } }).webhook,
        }),
      { ...critical, text: 'a "quote"\n{{title}}' },
    );
    expect(JSON.parse(body)).toEqual({
      msg: { head: '[critical] Entrées arrêtées', lines: ['a "quote"\n{{title}}', '{{unknown}}'] },
      level: 3,
    });
  });
});
