import {
  boundsText,
  effectOf,
  type Gauge,
  LIMIT_WORDS,
  type LimitEffect,
  type LimitValue,
  limitText,
} from '../../../core/contract/index.ts';

export type LimitEntry =
  | { readonly ok: true; readonly value: LimitValue; readonly effect: LimitEffect }
  | { readonly ok: false; readonly why: string };

/** A limit as it is typed: a share in percent. Nothing stands for "off" where it can be. */
export function typedLimit({ unit, limit }: Pick<Gauge, 'unit' | 'limit'>): string {
  if (limit === null) return '';
  return String(unit === 'share' ? exact(limit * 100) : limit);
}

/** What is typed, inside the bounds that the settings have, with what it would let happen. */
export function limitEntry(
  gauge: Pick<Gauge, 'setting' | 'unit' | 'limit' | 'bounds'>,
  typed: string,
): LimitEntry {
  const { setting, unit, limit, bounds } = gauge;
  const text = typed.trim().replace(',', '.');
  const why = `Between: ${boundsText(setting, bounds)}${bounds.whole ? ', a whole number' : ''}.`;
  if (text === '')
    return bounds.canBeOff
      ? { ok: true, value: null, effect: effectOf(setting, limit, null) }
      : { ok: false, why };
  if (!PLAIN.test(text) || AMBIGUOUS.test(typed)) return { ok: false, why };
  const number = Number(text);
  const value = unit === 'share' ? exact(number / 100) : number;
  const { least, most, above, whole } = bounds;
  const fits =
    Number.isFinite(value) &&
    (least === null || (above ? value > least : value >= least)) &&
    (most === null || value <= most) &&
    (!whole || Number.isInteger(value));
  return fits ? { ok: true, value, effect: effectOf(setting, limit, value) } : { ok: false, why };
}

/** What a change does, said before it is made. */
export function effectText({ setting, limit }: Pick<Gauge, 'setting' | 'limit'>, entry: LimitEntry): string {
  if (!entry.ok) return entry.why;
  if (entry.effect === 'same') return `It is ${limitText(setting, limit)} now.`;
  const means = LIMIT_WORDS[setting].means(limitText(setting, entry.value));
  return entry.effect === 'loosens'
    ? `This loosens the limit, and is asked about: ${means}.`
    : `This tightens the limit and holds at once: ${means}.`;
}

/** A number as a trader writes it: no exponent, no other base. */
const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** A thousand to some, one to others. */
const AMBIGUOUS = /,\d{3}\s*$/;

/** Without what binary fractions add. */
const exact = (value: number): number => Number(value.toPrecision(12));
