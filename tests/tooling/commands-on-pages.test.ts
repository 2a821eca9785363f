import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../core/cli/main.ts';

/** Every `tradebot` command on the pages is one that there is, with flags that it takes. */

const ROOT = join(import.meta.dirname, '../..');
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];
const PROGRAM = commandLine({
  terminal: { print: () => undefined, note: () => undefined, progress: () => ({ update() {}, end() {} }) },
  environment: {},
  version: '0',
  exitWith: () => undefined,
});

/** What follows the program's name, in lines to be pasted and in words of a sentence. */
function commandsOn(text: string): readonly string[] {
  const pasted = /(?:npm run -s tradebot -- |scripts\/tradebot\.mjs )([^`\n]+)/g;
  const named = /`tradebot ([^`\n]+)`/g;
  return [pasted, named].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, command = '']) => command.split('#')[0]?.trim() ?? ''),
  );
}

/** Why a command is none, or null. */
function faultOf(line: string): string | null {
  const words = line.split(/\s+/).filter((word) => word !== '' && word !== '…');
  let command: Command = PROGRAM;
  const path: Command[] = [PROGRAM];
  while (words.length > 0) {
    const next = command.commands.find((each) => each.name() === words[0]);
    if (next === undefined) break;
    words.shift();
    command = next;
    path.push(next);
  }
  const [rest] = words;
  if (command === PROGRAM && rest !== undefined && !rest.startsWith('-'))
    return `there is no command ${rest}`;
  if (command !== PROGRAM && command.commands.length > 0 && rest !== undefined && !rest.startsWith('-'))
    return `${command.name()} has no ${rest}`;
  // One of a command's own is meant where none is named, as `trades --csv` lists.
  path.push(...(command === PROGRAM ? [] : command.commands));
  const known = new Set(path.flatMap(({ options }) => options.map(({ long }) => long)).concat('--help'));
  const foreign = words
    .filter((word) => /^--[a-z]/.test(word))
    .map((word) => word.replace(/[=,;:.)].*$/, ''))
    .find((flag) => !known.has(flag));
  return foreign === undefined ? null : `${command.name()} does not take ${foreign}`;
}

const MENTIONED = PAGES.flatMap((page) =>
  [...new Set(commandsOn(readFileSync(join(ROOT, page), 'utf8')))].map((line) => [page, line] as const),
);

describe('the commands on the pages', () => {
  test('are found', () => expect(MENTIONED.length).toBeGreaterThan(80));

  test.each(MENTIONED)('%s: tradebot %s', (_, line) => {
    expect(faultOf(line)).toBeNull();
  });

  test.each([
    ['nothing', 'there is no command nothing'],
    ['keys lose llm.apiKey', 'keys has no lose'],
    ['kill --softly', 'kill does not take --softly'],
    ['keys set llm.apiKey --vualt', 'set does not take --vualt'],
  ])('one that is none would be seen: %s', (line, fault) => {
    expect(faultOf(line)).toBe(fault);
  });
});
