import { Refusal } from '../orders/refusal.ts';

/** A request as it came: where to, and every parameter of query and body. */
export class VenueRequest {
  readonly method: string;
  readonly path: string;
  readonly apiKey: string | undefined;
  /** Query and body without the signature: what was signed. */
  readonly signed: string;
  readonly #params: URLSearchParams;

  constructor(method: string, url: string, body: string, apiKey: string | undefined) {
    const [path = '', query = ''] = url.split('?', 2);
    this.method = method;
    this.path = path;
    this.apiKey = apiKey;
    const raw = `${query}${body}`;
    this.signed = raw.replace(/&?signature=[^&]*/, '');
    this.#params = new URLSearchParams(`${query}&${body}`);
  }

  get route(): string {
    return `${this.method} ${this.path}`;
  }

  text(name: string): string | undefined {
    const value = this.#params.get(name);
    return value === null || value === '' ? undefined : value;
  }

  /** @throws Refusal where it is missing. */
  needed(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new Refusal('missing-parameter', name);
    return value;
  }

  number(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (!Number.isFinite(number)) throw new Refusal('bad-parameter', name);
    return number;
  }

  flag(name: string): boolean {
    return this.text(name)?.toLowerCase() === 'true';
  }
}
