import { Refusal } from '../orders/refusal.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request as it came: where to, and every parameter of query and body. */
export class VenueRequest {
  readonly method: string;
  readonly path: string;
  readonly apiKey: string | undefined;
  readonly query: string;
  readonly body: string;
  /** Query and body without the signature: what was signed. */
  readonly signed: string;
  readonly #params: URLSearchParams;
  readonly #headers: Headers;

  constructor(method: string, url: string, body: string, apiKey: string | undefined, headers: Headers = {}) {
    const [path = '', query = ''] = url.split('?', 2);
    this.method = method;
    this.path = path;
    this.apiKey = apiKey;
    const raw = `${query}${body}`;
    this.signed = raw.replace(/&?signature=[^&]*/, '');
    this.query = query;
    this.body = body;
    this.#headers = headers;
    this.#params = body.startsWith('{') ? paramsOf(body) : new URLSearchParams(`${query}&${body}`);
  }

  /** The same with other values of some parameters. */
  with(changes: Readonly<Record<string, string | undefined>>): VenueRequest {
    const params = new URLSearchParams(this.#params);
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) params.delete(name);
      else params.set(name, value);
    }
    const url = `${this.path}?${params.toString()}`;
    return new VenueRequest(this.method, url, '', this.apiKey, this.#headers);
  }

  header(name: string): string | undefined {
    const value = this.#headers[name];
    return typeof value === 'string' ? value : undefined;
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

/** A body of JSON has a value a name. */
function paramsOf(body: string): URLSearchParams {
  const fields = JSON.parse(body) as Readonly<Record<string, unknown>>;
  return new URLSearchParams(
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])),
  );
}
