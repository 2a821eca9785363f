import { isRecord } from './loose-json.ts';
import { cleanText, withoutSecret } from './outside-text.ts';
import { patientFetch } from './patient-fetch.ts';
import type { Endpoint } from './transport.ts';

const LONGEST_NAME = 80;

/** The models that a server says it has, by name; empty where it does not say. Never rejects. */
export async function modelNames(
  { baseUrl, secret }: Endpoint,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const key = secret();
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  try {
    const response = await patientFetch(key !== undefined)(`${baseUrl.replace(/\/$/, '')}/models`, {
      headers,
      signal,
    });
    if (!response.ok) return [];
    return namesIn(JSON.parse(withoutSecret(await response.text(), key)));
  } catch {
    // The list only helps to find a name: whatever is wrong with the line is said where the line is tested.
    return [];
  }
}

function namesIn(body: unknown): readonly string[] {
  const list: unknown = isRecord(body) ? (body['data'] ?? body['models']) : body;
  if (!Array.isArray(list)) return [];
  return (list as readonly unknown[])
    .flatMap((item) => {
      const name: unknown = isRecord(item) ? (item['id'] ?? item['name']) : item;
      return typeof name === 'string' ? [cleanText(name, LONGEST_NAME)] : [];
    })
    .filter((name) => name !== '');
}

/** Those of a list that look most like a name, at most `count`: by the pieces that both have. */
export function likeliest(names: readonly string[], wanted: string, count: number): readonly string[] {
  const pieces = piecesOf(wanted);
  const shared = (name: string): number => piecesOf(name).filter((piece) => pieces.includes(piece)).length;
  // Sorting is stable: those equally like keep the server's order.
  return [...names].sort((a, b) => shared(b) - shared(a)).slice(0, count);
}

function piecesOf(name: string): readonly string[] {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((piece) => piece !== '');
}
