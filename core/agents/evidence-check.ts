import type { StruckEvidence } from '../domain/index.ts';
import { isRecord } from './loose-json.ts';

/** What of an opinion's evidence stands, and what was struck out. */
export interface CheckedEvidence {
  readonly standing: readonly string[];
  readonly struck: readonly StruckEvidence[];
}

/** Figures of a brief by their names; a name may stand for several. */
type Figures = ReadonlyMap<string, readonly number[]>;

/**
 * Holds evidence against the brief that it is said to come from. A figure that is named must be there, and have the value
 * that is cited, within the digits that are given and with its sign, or be above or below what it is said to be. Where
 * nothing is named, at least one of the figures cited must be the brief's. Words without figures claim none, and stand.
 *
 * @param brief everything the model was told, in any nesting.
 */
export function checkEvidence(evidence: readonly string[], brief: unknown): CheckedEvidence {
  const figures = figuresOf(brief);
  const standing: string[] = [];
  const struck: StruckEvidence[] = [];
  for (const text of evidence) {
    const why = faultOf(text, figures);
    if (why === undefined) standing.push(text);
    else struck.push({ text, why });
  }
  return { standing, struck };
}

function figuresOf(brief: unknown): Figures {
  const figures = new Map<string, number[]>();
  const collect = (value: unknown, name: string): void => {
    if (typeof value === 'number') figures.set(name, [...(figures.get(name) ?? []), value]);
    else if (Array.isArray(value)) for (const item of value as readonly unknown[]) collect(item, name);
    else if (isRecord(value))
      for (const [key, held] of Object.entries(value)) collect(held, key.toLowerCase());
  };
  collect(brief, '');
  return figures;
}

/** A name that no sentence has by chance: of several words, joined by underscores or by capitals. */
const NAME = /(?<![\w.])(?:[a-z]+[a-z0-9]*(?:_[a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]*)+)(?![\w])/g;
const NUMBER = /(?<![\w.])[-+−]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?|\.\d+)(?:e[-+]?\d+)?\s*%?/gi;
const ABOVE = /(above|over|greater than|more than|at least|>=?|≥|exceeds)\s*$/i;
const BELOW = /(below|under|less than|at most|<=?|≤)\s*$/i;

interface Cited {
  readonly text: string;
  readonly value: number;
  /** Half of the last digit given. */
  readonly tolerance: number;
  readonly percent: boolean;
}

/** What is wrong with a piece of evidence; undefined: nothing. */
function faultOf(text: string, figures: Figures): string | undefined {
  const names = [...text.matchAll(NAME)];
  if (names.length === 0) return faultOfUnnamed(text, figures);
  for (const [index, { 0: name, index: at }] of names.entries()) {
    const claim = text.slice(at + name.length, names[index + 1]?.index);
    const [number] = claim.matchAll(NUMBER);
    const values = figures.get(name.toLowerCase());
    if (number === undefined) continue;
    if (values === undefined) return `${name} is no figure of the brief`;
    const cited = citedIn(number[0]);
    const before = claim.slice(0, number.index);
    const holds = values.some((value) => isRight(value, cited, before));
    if (!holds)
      return `${name} is ${values.join(', ')} in the brief, not ${before.trim()} ${cited.text}`.replace(
        / {2,}/g,
        ' ',
      );
  }
  return undefined;
}

function faultOfUnnamed(text: string, figures: Figures): string | undefined {
  const numbers = [...text.matchAll(NUMBER)].map(([number]) => citedIn(number));
  if (numbers.length === 0) return undefined;
  const all = [...figures.values()].flat();
  const isThere = numbers.some((cited) => all.some((value) => isRight(value, cited, '')));
  return isThere ? undefined : `${numbers.map((cited) => cited.text).join(', ')} is no figure of the brief`;
}

function citedIn(number: string): Cited {
  const percent = number.endsWith('%');
  const bare = number.replace('%', '').replace('−', '-').trim();
  const plain = /\d,\d{3}(,|\.|$)/.test(bare) ? bare.replaceAll(',', '') : bare.replace(',', '.');
  const [mantissa = '', exponent = '0'] = plain.toLowerCase().split('e');
  const digits = mantissa.split('.')[1]?.length ?? 0;
  // A little more than half, for what floats add.
  const tolerance = 0.500_001 * 10 ** (Number(exponent) - digits);
  return { text: number.trim(), value: Number(plain), tolerance, percent };
}

function isRight(value: number, { value: stated, tolerance, percent }: Cited, before: string): boolean {
  const actual = percent ? value * 100 : value;
  if (ABOVE.test(before)) return actual > stated - tolerance;
  if (BELOW.test(before)) return actual < stated + tolerance;
  return Math.abs(actual - stated) <= tolerance;
}
