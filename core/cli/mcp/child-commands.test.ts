import { expect, it } from 'vitest';
import { ChildCommands } from './child-commands.ts';

const FOR_EVER = ['setInterval(() => undefined, 1000)'];
const wanted = (): AbortSignal => new AbortController().signal;

it('gives what a command has printed, and how it ended', async () => {
  const commands = new ChildCommands(['-e']);
  const answer = await commands.run(
    ['console.log("out"); console.error("err"); process.exitCode = 3'],
    wanted(),
  );
  expect(answer).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
});

it('ends one whose answer is not wanted any more', async () => {
  const commands = new ChildCommands(['-e']);
  const asked = new AbortController();
  const answer = commands.run(FOR_EVER, asked.signal);
  asked.abort();
  expect(await answer).toMatchObject({ exitCode: null });
});

it('runs two at once and refuses the third, and ends all of them when the assistant has gone', async () => {
  const commands = new ChildCommands(['-e']);
  const running = [1, 2].map(() => commands.run(FOR_EVER, wanted()));
  await expect(commands.run(FOR_EVER, wanted())).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: '2 commands run already: ask again when one has answered',
  });
  commands.end();
  expect((await Promise.all(running)).map(({ exitCode }) => exitCode)).toEqual([null, null]);
});
