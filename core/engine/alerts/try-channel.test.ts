import { afterEach, expect, test } from 'vitest';
import { type HttpSink, httpSink } from '../../alerts/testing/http-sink.ts';
import { AlertSettingsSchema } from '../../contract/index.ts';
import { MACHINE_CLOCK, SYSTEM_TIMERS } from '../installation/system-timers.ts';
import { tryChannel } from './try-channel.ts';

let sink: HttpSink | undefined;
afterEach(async () => sink?.close());

test.each([
  [
    { status: 200, body: 'ok' },
    { sent: true, message: 'Slack has taken it' },
  ],
  [
    { status: 404, body: 'no_service' },
    { sent: false, message: 'answered 404: no_service' },
  ],
])('without a program that runs a test tells what the channel made of it: %j', async (answer, result) => {
  const slack = await httpSink(answer);
  sink = slack;
  const tried = await tryChannel('slack', {
    settings: AlertSettingsSchema.parse({ slack: { enabled: true } }),
    secrets: { read: () => `${slack.url}/services/x`, sourceOf: () => 'memory' },
    ...{ clock: MACHINE_CLOCK, timers: SYSTEM_TIMERS },
  });
  expect(tried).toEqual({ channel: 'slack', ...result });
  expect(slack.posted).toHaveLength(1);
});
