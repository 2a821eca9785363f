import { afterEach, expect, test } from 'vitest';
import { AlertSettingsSchema } from '../../contract/index.ts';
import { SEND_TIMEOUT_MS } from '../delivery/channel-queue.ts';
import { message, queueScene } from '../testing/queue-scene.ts';
import { type SmtpPeer, type SmtpPeerOptions, smtpPeer } from '../testing/smtp-peer.ts';
import { EmailChannel } from './email.ts';

let peer: SmtpPeer | undefined;
afterEach(async () => peer?.close());

async function scene(options: SmtpPeerOptions, settings: object = {}, password: string | null = null) {
  const server = await smtpPeer(options);
  peer = server;
  const { email } = AlertSettingsSchema.parse({
    email: {
      ...{ enabled: true, host: '127.0.0.1', port: server.port, security: 'none' },
      ...{ from: 'bot@example.com', to: ['me@example.com', 'you@example.com'] },
      ...settings,
    },
  });
  const channel = new EmailChannel({
    settings: { ...email, host: '127.0.0.1', from: 'bot@example.com' },
    password,
  });
  return { server, ...queueScene(channel) };
}

test('delivers a mail to everybody, with its words and its weight', async () => {
  const { server, queue, tried, fates } = await scene({ mood: 'take' });
  queue.add(message('a', { severity: 'critical', title: 'Stop hit', text: 'BTC/USDT -12.5 USDT' }));
  await tried();
  expect(fates()).toEqual([{ id: 'a', state: 'sent', attempts: 1, problem: null }]);
  const [mail, ...more] = server.mails;
  expect(more).toEqual([]);
  expect(mail?.from).toContain('bot@example.com');
  expect(mail?.to.join()).toMatch(/me@example\.com.*you@example\.com/);
  expect(mail?.data).toMatch(/^Subject: \[LLM-TradeBot\] Stop hit$/m);
  expect(mail?.data).toMatch(/^X-Priority: 1/m);
  expect(mail?.data).toContain('<a@llm-tradebot.invalid>');
  expect(mail?.data).toContain('BTC/USDT -12.5 USDT');
});

test('a title cannot add a header', async () => {
  const { server, queue, tried } = await scene({ mood: 'take' });
  queue.add(message('a', { title: 'x\r\nBcc: thief@example.com' }));
  await tried();
  expect(server.mails[0]?.data).not.toMatch(/^Bcc:/im);
  expect(server.lines.join('\n')).not.toContain('RCPT TO:<thief');
});

test('is told that nobody has that mailbox, and does not try again', async () => {
  const { server, queue, tried, fates } = await scene({ mood: 'refuse' });
  queue.add(message('a'));
  await tried();
  server.becomes('take');
  await tried(3_600_000);
  expect(server.mails).toEqual([]);
  expect(fates()).toEqual([
    { id: 'a', state: 'refused', attempts: 1, problem: expect.stringMatching(/550 5\.1\.1 no such mailbox/) },
  ]);
});

test.each(['hang', 'half'] as const)(
  'gives up a server that falls silent (%s), and tries again',
  async (mood) => {
    const { server, queue, clock, tried, fates } = await scene({ mood });
    queue.add(message('a'));
    queue.step();
    await server.met(mood === 'hang' ? 'connection' : 'mail');
    clock.advanceTo(clock.now() + SEND_TIMEOUT_MS);
    await tried();
    expect(fates()).toEqual([{ id: 'a', state: 'waiting', attempts: 1, problem: 'no answer within 15 s' }]);
    server.becomes('take');
    await tried(5_000);
    expect(fates()).toEqual([{ id: 'a', state: 'sent', attempts: 2, problem: null }]);
  },
);

test('comes again later when it is asked to', async () => {
  const { server, queue, tried, fates } = await scene({ mood: 'busy' });
  queue.add(message('a'));
  await tried();
  expect(fates()[0]).toMatchObject({ state: 'waiting', attempts: 1 });
  server.becomes('take');
  await tried(5_000);
  expect(fates()[0]).toMatchObject({ state: 'sent', attempts: 2 });
});

test('a server that is gone is tried again', async () => {
  const { server, queue, tried, fates } = await scene({ mood: 'take' });
  await server.close();
  queue.add(message('a'));
  await tried();
  expect(fates()[0]).toMatchObject({ state: 'waiting', problem: expect.stringMatching(/ECONNREFUSED/) });
});

const login = { user: 'bot', password: 'sesame-sesame' };

test('logs in with the password, and a wrong one is no reason to try again', async () => {
  const right = await scene({ mood: 'take', login }, { user: 'bot' }, 'sesame-sesame');
  right.queue.add(message('a'));
  await right.tried();
  expect(right.fates()[0]?.state).toBe('sent');
  await right.server.close();
  const wrong = await scene({ mood: 'take', login }, { user: 'bot' }, 'another');
  wrong.queue.add(message('a'));
  await wrong.tried();
  expect(wrong.fates()[0]).toMatchObject({ state: 'refused', problem: expect.stringMatching(/535/) });
});

test('a server without TLS is told no password where TLS is asked for', async () => {
  const { server, queue, tried, fates } = await scene(
    { mood: 'take', login },
    { user: 'bot', security: 'starttls' },
    'sesame-sesame',
  );
  queue.add(message('a'));
  await tried();
  expect(fates()[0]?.state).not.toBe('sent');
  expect(server.lines.filter((line) => line.startsWith('AUTH'))).toEqual([]);
  expect(server.mails).toEqual([]);
});
