import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { missingPackage, withoutComment } from '../../scripts/command-line.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

interface Block {
  readonly page: string;
  /** `sh`: to be pasted into any shell; `bash`, `powershell`: into these, one beside the other. */
  readonly language: string;
  readonly section: string;
  readonly lines: readonly string[];
}

const BLOCKS = PAGES.flatMap((page) => blocksOf(page, readFileSync(join(ROOT, page), 'utf8')));

function blocksOf(page: string, text: string): readonly Block[] {
  return [...text.matchAll(/^```(\w+)\r?\n([\s\S]*?)^```/gm)].map(
    ({ 1: language = '', 2: body = '', index }) => ({
      page,
      language,
      section: [...text.slice(0, index).matchAll(/^## (.*)$/gm)].at(-1)?.[1] ?? '',
      lines: body.split('\n').filter((line) => line.trim() !== ''),
    }),
  );
}

const of = (language: string): readonly Block[] => BLOCKS.filter((block) => block.language === language);

/**
 * What some of bash, zsh, cmd, PowerShell 5.1 and PowerShell 7 reads otherwise than the others: operators, expansions,
 * quotes that cmd hands on, line ends that go on, variables before a command.
 */
const NOT_EVERYWHERE: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['&& and || (PowerShell 5.1 has none)', /&|\|\|/],
  ['a pipe or a redirection', /[|<>]/],
  ['a ; (cmd hands it on)', /;/],
  ['a variable or a substitution', /[$`%!^]/],
  ['a single quote (cmd hands it on)', /'/],
  ['a line that goes on', /[\\^`]\s*$/],
  ['a variable before a command', /^\s*\w+=/],
  ['~, which cmd does not know', /(^|\s)~/],
  ['brackets, braces, stars and question marks, which zsh expands', /[()[\]{}*?]/],
  ['a comment where something else than this program reads it', /^(?!npm (run -s tradebot|start) -- ).*#/],
  ['two # or a # without a space', /#.*#|#\S|\S#/],
  ['what is no ASCII', /[^ -~]/],
];

/** What is against pasting a line into every shell. */
const against = (line: string): readonly string[] =>
  NOT_EVERYWHERE.filter(([, pattern]) => pattern.test(line)).map(([what]) => what);

describe('the commands on the pages', () => {
  test('are found', () => {
    expect(of('sh').length).toBeGreaterThan(10);
    const shells = ['shell', 'console', 'zsh', 'cmd', 'bat', 'pwsh', 'ps1'];
    expect(BLOCKS.filter(({ language }) => shells.includes(language))).toEqual([]);
  });

  test.each(of('sh').flatMap(({ page, lines }) => lines.map((line) => [page, line] as const)))(
    '%s: every shell reads alike: %s',
    (_, line) => {
      expect(against(line)).toEqual([]);
    },
  );

  test.each([
    'npm ci && npm start',
    'npm start; npm test',
    'A=3 npm start',
    'npm start -- --data-dir ~/x',
    'npm run -s tradebot -- backtest \\',
    "npm run -s tradebot -- lock 'BTC/USDT'",
    'curl $(cat x)',
    'npm ci # with a comment',
    "npm start -- --headless # the browser's",
    'npm start -- --headless #browser',
    'npm run -s tradebot -- trades > file',
    'npm run -s tradebot -- trades *',
  ])('what not every shell reads alike would be seen: %s', (line) => {
    expect(against(line)).not.toEqual([]);
  });

  test('of the first run are plain words, with nothing for a shell to read in them', () => {
    const first = of('sh').filter(({ section }) => section === 'First run');
    expect(first.map(({ lines }) => lines)).toEqual([
      ['npm ci', 'npm start'],
      ['npm ci', 'npm test'],
    ]);
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    for (const oneLine of ['`npm ci && npm start`', '`npm ci && npm test`'])
      expect(readme).toContain(oneLine);
  });

  test('for bash alone have their like for PowerShell behind them', () => {
    for (const [index, { language, page, lines }] of BLOCKS.entries())
      if (language === 'bash')
        expect([page, lines, BLOCKS[index + 1]?.language]).toEqual([page, lines, 'powershell']);
  });

  test('for PowerShell need nothing that came after 5.1', () => {
    for (const { lines } of of('powershell'))
      for (const line of lines) expect(line).not.toMatch(/&&|\|\||\?\?|\s\?\s|\?\./);
  });

  test.skipIf(spawnSync('bash', ['--version']).status !== 0)('are read by bash without a complaint', () => {
    for (const { lines } of [...of('sh'), ...of('bash')]) {
      const read = spawnSync('bash', ['-n'], { input: lines.join('\n'), encoding: 'utf8' });
      expect([read.status, read.stderr]).toEqual([0, '']);
    }
  });
});

test('what a shell takes for arguments and bash for a comment is none of the program’s', () => {
  expect(withoutComment(['kill', '#', 'every', 'program'])).toEqual(['kill']);
  expect(withoutComment(['pause', '--reason', 'issue #3'])).toEqual(['pause', '--reason', 'issue #3']);
  expect(withoutComment(['kill'])).toEqual(['kill']);
});

test('a package that is not installed is known by its name, and no other fault is taken for that', () => {
  const notFound = Object.assign(new Error("Cannot find package 'commander' imported from /x/main.ts"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  expect(missingPackage(notFound)).toBe('commander');
  expect(
    missingPackage(Object.assign(new Error('Cannot find module /x'), { code: 'ERR_MODULE_NOT_FOUND' })),
  ).toBeUndefined();
  expect(missingPackage(new Error("Cannot find package 'x'"))).toBeUndefined();
});
