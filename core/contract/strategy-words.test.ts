import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  STRATEGIES,
  STRATEGY_CLAIMS,
  STRATEGY_HELP,
  STRATEGY_LABELS,
  TREND_FIGURES_COMMAND,
} from './index.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const oneLine = (text: string): string => text.replaceAll('\\\n', ' ').replace(/\s+/g, ' ');

describe('what a strategy does and does not do', () => {
  test.each(STRATEGIES)('%s is said in the same words, short and long, and where it is chosen', (id) => {
    expect(STRATEGY_LABELS[id]).toContain(`: ${STRATEGY_CLAIMS[id]}`);
    expect(STRATEGY_HELP).toContain(`${id}: ${STRATEGY_LABELS[id]}`);
  });

  test('trend is said in the README in the words of every page, with the command that makes its figures', () => {
    expect(oneLine(README).toLowerCase()).toContain(STRATEGY_CLAIMS.trend);
    expect(oneLine(README)).toContain(TREND_FIGURES_COMMAND);
  });
});
