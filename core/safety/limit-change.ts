import {
  effectOf,
  LIMIT_WORDS,
  type LimitEffect,
  type LimitName,
  type LimitValue,
  limitText,
  type SafetySettings,
  SafetySettingsSchema,
} from '../contract/index.ts';

export interface ChangedLimit {
  readonly name: LimitName;
  readonly from: LimitValue;
  readonly to: LimitValue;
  readonly effect: Exclude<LimitEffect, 'same'>;
}

export type LimitChangeResult =
  | { readonly ok: true; readonly change: ChangedLimit; readonly settings: SafetySettings }
  | { readonly ok: false; readonly message: string };

/** What the settings of safety come to with another limit, which the schema of the settings file has to allow. */
export function limitChange(before: SafetySettings, name: LimitName, to: LimitValue): LimitChangeResult {
  const refused = (why: string): LimitChangeResult => ({
    ok: false,
    message: `${LIMIT_WORDS[name].name}: ${why}`,
  });
  const parsed = SafetySettingsSchema.safeParse({ ...before, [name]: to });
  if (!parsed.success) return refused(parsed.error.issues.map(({ message }) => message).join('; '));
  const from = before[name];
  const effect = effectOf(name, from, to);
  if (effect === 'same') return refused(`it is ${limitText(name, from)} already`);
  return { ok: true, change: { name, from, to, effect }, settings: parsed.data };
}

/** Settings of safety as they were written down: a version that knew fewer of them has fewer. */
export type SafetyValues = Readonly<Record<string, number | string | null>>;

/** The settings of safety that let more happen than before. */
export function loosened(before: SafetyValues, now: SafetySettings): readonly (keyof SafetySettings)[] {
  return changedTo('loosens', before, now);
}

/** Whether a setting of safety lets less happen than before. */
export function tightened(before: SafetyValues, now: SafetySettings): boolean {
  return changedTo('tightens', before, now).length > 0;
}

function changedTo(effect: LimitEffect, before: SafetyValues, now: SafetySettings) {
  // Object.keys forgets that the keys are the settings'.
  return (Object.keys(now) as (keyof SafetySettings)[]).filter((name) => {
    const was = before[name];
    return was !== undefined && effectOf(name, was, now[name]) === effect;
  });
}
