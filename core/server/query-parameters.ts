import { z } from 'zod';
import { METHODS, type MethodName } from '../contract/index.ts';

/** JSON schema (2020-12) of what a method takes, as OpenAPI 3.1 has it. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

const schemas = new Map<MethodName, JsonSchema>();

/** Of a method's parameters. */
export function parametersSchema(method: MethodName): JsonSchema {
  const known = schemas.get(method);
  if (known !== undefined) return known;
  const { $schema: _, ...schema } = z.toJSONSchema(METHODS[method].params, { io: 'input' });
  schemas.set(method, schema);
  return schema;
}

/** Reads the text of a query as the method's types want it; what fits none stays text, for the method to refuse. */
export function readQuery(method: MethodName, query: unknown): Record<string, unknown> {
  const properties = parametersSchema(method).properties ?? {};
  const entries = Object.entries(query as Readonly<Record<string, unknown>>);
  return Object.fromEntries(entries.map(([name, value]) => [name, readValue(properties[name], value)]));
}

function readValue(schema: JsonSchema | boolean | undefined, value: unknown): unknown {
  if (typeof value !== 'string' || typeof schema !== 'object') return value;
  const types = typesOf(schema);
  if (types.has('string')) return value;
  if ((types.has('integer') || types.has('number')) && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (types.has('boolean') && (value === 'true' || value === 'false')) return value === 'true';
  return types.has('object') ? parsedOrText(value) : value;
}

function typesOf(schema: JsonSchema): ReadonlySet<string> {
  const own = schema.type === undefined ? [] : [schema.type].flat();
  const others = (schema.anyOf ?? []).flatMap((each) => (typeof each === 'object' ? [...typesOf(each)] : []));
  return new Set([...own, ...others]);
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
