import { z } from 'zod';
import { type LimitBounds, type LimitName, SafetySettingsSchema } from '../../contract/index.ts';

/** What of a field's JSON Schema says between what its value has to be. */
const FieldSchema = z.object({
  type: z.string().optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
});
const FIELDS = z
  .object({
    properties: z.record(z.string(), FieldSchema.extend({ anyOf: z.array(FieldSchema).optional() })),
  })
  .parse(z.toJSONSchema(SafetySettingsSchema)).properties;

/** Between what a limit may be set, as the schema of the settings has it: there is no second list of bounds. */
export function limitBounds(name: LimitName): LimitBounds {
  const field = FIELDS[name];
  const choices = field?.anyOf ?? (field === undefined ? [] : [field]);
  const number = choices.find(({ type }) => type !== 'null') ?? {};
  const { type, minimum, exclusiveMinimum, maximum } = number;
  return {
    least: exclusiveMinimum ?? minimum ?? null,
    // Whole numbers without a bound are given the largest that is one for sure.
    most: maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? null : maximum,
    above: exclusiveMinimum !== undefined,
    whole: type === 'integer',
    canBeOff: choices.length > 1,
  };
}
