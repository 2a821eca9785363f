import { isRecord } from './loose-json.ts';
import type { RawReply } from './transport.ts';

/** What a server complains about, whatever shape it says it in. */
export interface Complaint {
  /** HTTP's, or the body's own where HTTP says 200; 500 where neither tells. */
  readonly status: number;
  /** Its own words; empty where there are none. */
  readonly words: string;
  /** Every code, type and status of the body, in lower case and separated by spaces. */
  readonly codes: string;
  /** How long it asks to wait. */
  readonly retryAfterMs: number | undefined;
  /** `api`: an error of the API itself. `page`: a web page, as gateways and sign-in pages send. `none`: neither. */
  readonly shape: 'api' | 'page' | 'none';
}

/** No more of a server's words is read: patterns take the square of a text's length, and all else waits for them. */
const WORDS_READ = 1_000;
/** Nor of a code, a place, a provider's name, or a time to wait. */
const CODE_READ = 100;
/** Where a web page has its title, if it has one. */
const PAGE_READ = 4_000;

/** The one reader of servers' errors. Never throws, whatever came. @param now UTC ms, for times that are dates. */
export function readComplaint({ status, headers, body }: RawReply, now: number): Complaint {
  const value = jsonOf(body);
  const said = spokenIn(value);
  const retryAfterMs = waitAsked(headers, value, said.words, now);
  if (said.words !== '' || said.codes.length > 0) {
    const codes = said.codes.join(' ').toLowerCase();
    return { status: statusOf(status, said.codes), words: said.words, codes, retryAfterMs, shape: 'api' };
  }
  const own = status >= 300 ? status : 500;
  const page = pageTitle(body);
  if (page !== undefined) return { status: own, words: page, codes: '', retryAfterMs, shape: 'page' };
  const words = value === undefined ? body.trim().slice(0, WORDS_READ) : '';
  return { status: own, words, codes: '', retryAfterMs, shape: value === undefined ? 'none' : 'api' };
}

/** Whether the body of a 200 is an error all the same: it has one, and no answer beside it. */
export function isComplaint(value: unknown): boolean {
  const body: unknown = Array.isArray(value) ? value[0] : value;
  if (!isRecord(body)) return false;
  if (Array.isArray(body['choices']) && body['choices'].length > 0) return false;
  if (Array.isArray(body['output']) && body['output'].length > 0) return false;
  const { words, codes } = spokenIn(body);
  return words !== '' || (codes.length > 0 && isRecord(body['error']));
}

/** The title of a web page, or that it is one; undefined where a text is none. */
export function pageTitle(body: string): string | undefined {
  const text = body.trimStart().slice(0, PAGE_READ);
  if (!/^\s*(<!doctype html|<html|<head|<\?xml)/i.test(text)) return undefined;
  const title = /<title[^>]*>([^<]{1,200})/i.exec(text)?.[1]?.trim();
  return title === undefined || title === '' ? 'a web page' : `a web page, "${title}"`;
}

interface Spoken {
  readonly words: string;
  readonly codes: readonly string[];
}

const NOTHING: Spoken = { words: '', codes: [] };
/** Where the words of an error stand, in the order in which they are looked for. */
const WORDS = [
  'message',
  'msg',
  'error_message',
  'error_msg',
  'detail',
  'description',
  'title',
  'faultstring',
];
const CODES = ['code', 'type', 'status', 'status_code', 'error_type', 'errorcode'];
/** What may hold the error: each server's own box around it. */
const BOXES = ['error', 'errors', 'fault', 'detail', 'message', 'base_resp'];
const DEEPEST = 5;

function spokenIn(value: unknown, depth = 0): Spoken {
  if (depth > DEEPEST) return NOTHING;
  if (Array.isArray(value)) {
    // Gemini puts its one error in a list, FastAPI a list of faults with their places.
    const found = (value as readonly unknown[]).slice(0, 3).map((item) => spokenIn(item, depth + 1));
    const words = found.map((one) => one.words).filter((one) => one !== '');
    return { words: words.join('; '), codes: found.flatMap(({ codes }) => codes) };
  }
  if (!isRecord(value)) return NOTHING;
  const inside = BOXES.map((name) => value[name]);
  const box = inside
    .map((held) => spokenIn(held, depth + 1))
    .find((one) => one.words !== '' || one.codes.length > 0);
  const bare = inside.find((held) => typeof held === 'string' && held.trim() !== '');
  const own = WORDS.map((name) => value[name]).find((held) => typeof held === 'string' && held !== '');
  const place = placeOf(value['loc']);
  const words = box?.words || (typeof own === 'string' ? place + own : undefined) || bare || '';
  const upstream = upstreamWords(value['metadata'], depth);
  const codes = CODES.flatMap((name) => codeOf(value[name]));
  return {
    words: (String(words).slice(0, WORDS_READ) + (upstream === '' ? '' : `: ${upstream}`)).slice(
      0,
      WORDS_READ,
    ),
    codes: [...codes, ...(box?.codes ?? [])],
  };
}

function codeOf(value: unknown): readonly string[] {
  const isCode = (typeof value === 'string' && value !== '') || typeof value === 'number';
  return isCode ? [String(value).slice(0, CODE_READ)] : [];
}

/** Where in the request FastAPI saw the fault, before its words. */
function placeOf(value: unknown): string {
  if (!Array.isArray(value)) return '';
  return `${(value as readonly unknown[]).slice(0, 10).map(String).join('.').slice(0, CODE_READ)}: `;
}

/** What OpenRouter was told by whoever serves the model. */
function upstreamWords(metadata: unknown, depth: number): string {
  if (!isRecord(metadata)) return '';
  const { raw, provider_name: provider } = metadata;
  const value = typeof raw === 'string' ? (jsonOf(raw) ?? { message: raw }) : raw;
  const words = spokenIn(value, depth + 1).words;
  return typeof provider === 'string' && words !== '' ? `${provider.slice(0, CODE_READ)}: ${words}` : words;
}

/** HTTP's own status, but where that is a 200, the body's. */
function statusOf(status: number, codes: readonly string[]): number {
  if (status >= 300) return status;
  const stated = codes.map(Number).find((code) => code >= 400 && code <= 599);
  return stated ?? 500;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Units of spans such as `1m2.5s` and `250ms`, in ms. */
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The wait a server asks for, wherever it says so; undefined where it does not, or says no sensible time. */
function waitAsked(headers: Headers, body: unknown, words: string, now: number): number | undefined {
  const asked = [
    numberIn(headers.get('retry-after-ms')),
    secondsOrDate(headers.get('retry-after'), now),
    span(fieldIn(body, 'retryDelay')),
    secondsOrDate(fieldIn(body, 'retry_after'), now),
    span(
      /(?:try again|retry) (?:in|after) ([\d.]+ ?(?:ms|s|m|h)[\d.msh]*)/i.exec(words)?.[1]?.replace(' ', ''),
    ),
    span(/(?:try again|retry) (?:in|after) ([\d.]+) seconds?/i.exec(words)?.[1]?.concat('s')),
    untilTime(fieldIn(body, 'X-RateLimit-Reset') ?? headers.get('x-ratelimit-reset'), now),
  ];
  return asked.find((ms) => ms !== undefined && Number.isFinite(ms) && ms >= 0);
}

function numberIn(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return isShort(text) && /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Math.max(0, Number(text)) : undefined;
}

function secondsOrDate(value: unknown, now: number): number | undefined {
  const seconds = numberIn(value);
  if (seconds !== undefined) return seconds * 1_000;
  if (!isShort(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** A text that may be a time: nothing longer is one. */
function isShort(value: unknown): value is string {
  return typeof value === 'string' && value.length <= CODE_READ;
}

function span(value: unknown): number | undefined {
  if (!isShort(value)) return undefined;
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0) return undefined;
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0);
}

/** The rest until a moment: UTC, in ms or in seconds. */
function untilTime(value: unknown, now: number): number | undefined {
  const time = numberIn(value);
  if (time === undefined || time < 1e9) return undefined;
  return Math.max(0, (time < 1e12 ? time * 1_000 : time) - now);
}

/** The first field of this name anywhere in a body. */
function fieldIn(value: unknown, name: string, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return undefined;
  if (Object.hasOwn(value, name)) return Reflect.get(value, name);
  for (const held of Object.values(value)) {
    const found = fieldIn(held, name, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
