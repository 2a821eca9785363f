import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  figuresCommand,
  STRATEGIES,
  STRATEGY_CLAIMS,
  STRATEGY_HELP,
  STRATEGY_LABELS,
  strategySentence,
} from './index.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const oneLine = (text: string): string => text.replaceAll('\\\n', ' ').replace(/\s+/g, ' ');

describe('what a strategy does and does not do', () => {
  test.each(STRATEGIES)('%s is said in the same words, short and long, and where it is chosen', (id) => {
    expect(STRATEGY_LABELS[id]).toContain(`: ${STRATEGY_CLAIMS[id]}`);
    expect(STRATEGY_HELP).toContain(`${id}: ${STRATEGY_LABELS[id]}`);
  });

  test.each(STRATEGIES)(
    '%s is said in the README in the words of every page, with the command that makes its figures',
    (id) => {
      expect(oneLine(README)).toContain(strategySentence(id));
      expect(oneLine(README)).toContain(figuresCommand(id));
    },
  );

  test('one of the trader’s own has a sentence and a command, too', () => {
    expect(strategySentence('mine')).toBe('mine: your own, no edge demonstrated');
    expect(figuresCommand('mine')).toContain('backtest --strategy mine ');
  });
});
