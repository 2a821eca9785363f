import { expect, test } from 'vitest';
import { ManualClock, SILENT_LOGGER, type Timers } from '../../domain/index.ts';
import { DeliveryFailure } from '../channel.ts';
import { commandOf, type TelegramCommand } from './command.ts';
import { TelegramListener } from './telegram-listener.ts';

const START = Date.UTC(2026, 0, 5, 12);
const CHAT = '4242';

const update = (number: number, text: string, change: object = {}) => ({
  update_id: number,
  message: {
    ...{ date: START / 1_000, text, chat: { id: 4242 } },
    from: { first_name: 'Anna', username: 'anna' },
    ...change,
  },
});

/** A chat that says what the test has it say, a list a poll, and then ends the program. */
function scene(
  polls: readonly (readonly unknown[] | Error)[],
  act?: (command: TelegramCommand) => Promise<string>,
) {
  const stop = new AbortController();
  const offsets: unknown[] = [];
  const answers: string[] = [];
  const done: string[] = [];
  const waits: number[] = [];
  let place: number | null = null;
  const left = [...polls];
  const timers: Timers = {
    monotonicMs: () => 0,
    wait: (ms, signal) => {
      // The time that an answer may take passes for none of them.
      if (ms === 40_000 || ms === 15_000)
        return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()));
      waits.push(ms);
      return Promise.resolve();
    },
  };
  const listener = new TelegramListener({
    api: {
      call: async (method, parameters) => {
        if (method === 'sendMessage') {
          const { chat_id: chat, text } = parameters as { chat_id: string; text: string };
          answers.push(`${chat}: ${text}`);
          return {};
        }
        offsets.push((parameters as { offset?: number }).offset);
        const next = left.shift();
        if (next === undefined) {
          stop.abort();
          return [];
        }
        if (next instanceof Error) throw next;
        return next;
      },
    },
    chatId: CHAT,
    act:
      act ??
      (async (command, by) => {
        done.push(`${command} ${by}`);
        return `${command} done`;
      }),
    place: { read: () => place, write: (next) => (place = next) },
    ...{ clock: new ManualClock(START), timers, log: SILENT_LOGGER },
  });
  return { listener, offsets, answers, done, waits, run: () => listener.run(stop.signal) };
}

test.each<[string, TelegramCommand | null]>([
  ['/status', 'status'],
  ['/KILL', 'kill'],
  [' /kill@my_bot now', 'kill'],
  ['/pnl please', 'pnl'],
  ['kill', null],
  ['/killing', null],
  ['/resume', null],
  ['/reset', null],
  ['do not /kill', null],
  ['', null],
])('%j asks for %s', (text, command) => {
  expect(commandOf(text)).toBe(command);
});

test('what is asked for in the chat is done, by the name of who asked, and answered there', async () => {
  const { run, done, answers, offsets } = scene([[update(7, '/kill'), update(8, '/status')]]);
  await run();
  expect(done).toEqual(['kill Anna @anna', 'status Anna @anna']);
  expect(answers).toEqual(['4242: kill done', '4242: status done']);
  expect(offsets).toEqual([undefined, 9]);
});

test('another chat is neither heard nor answered', async () => {
  const { run, done, answers, offsets } = scene([[update(7, '/kill', { chat: { id: 666 } })]]);
  await run();
  expect([done, answers, offsets]).toEqual([[], [], [undefined, 8]]);
});

test('what lets more happen is not offered', async () => {
  const { run, done, answers } = scene([[update(7, '/resume')]]);
  await run();
  expect(done).toEqual([]);
  expect(answers).toEqual([expect.stringMatching(/What lets more happen is done in the program/)]);
});

test('what was sent long before the program began is not done, and that is said; a moment before is', async () => {
  const long = { date: START / 1_000 - 121 };
  const moment = { date: START / 1_000 - 119 };
  const { run, done, answers } = scene([[update(7, '/kill', long), update(8, '/pause', moment)]]);
  await run();
  expect(done).toEqual(['pause Anna @anna']);
  expect(answers[0]).toBe('4242: /kill was sent while the program did not run, and was not done.');
});

test('what fails is said, and keeps nothing that follows', async () => {
  const { run, answers } = scene([[update(7, '/kill'), update(8, '/pnl')]], async (command) => {
    if (command === 'kill') throw new Error('the latch cannot be written');
    return 'fine';
  });
  await run();
  expect(answers).toEqual(['4242: /kill was NOT done: the latch cannot be written', '4242: fine']);
});

test('what is no message of a person keeps no press that follows it', async () => {
  const { run, done } = scene([
    [{ update_id: 1 }, { update_id: 2, message: { odd: true } }, update(3, '/kill')],
  ]);
  await run();
  expect(done).toEqual(['kill Anna @anna']);
});

test('a server that is down or busy is asked again, after waits that grow or as long as it wants', async () => {
  const { run, done, waits } = scene([
    new DeliveryFailure('answered 502', { passing: true }),
    new Error('odd'),
    new DeliveryFailure('answered 429', { passing: true, waitMs: 60_000 }),
    [update(7, '/kill')],
    new Error('again'),
  ]);
  await run();
  expect(waits).toEqual([5_000, 10_000, 60_000, 5_000]);
  expect(done).toEqual(['kill Anna @anna']);
});

test('somebody without a name is noted as somebody', async () => {
  const { run, done } = scene([[update(7, '/pause', { from: undefined })]]);
  await run();
  expect(done).toEqual(['pause somebody in the chat']);
});
