import { ReplyTooLongError } from './transport.ts';

/** Thoughts that servers send beside the answer may be long; nothing sound is longer than this. */
const REPLY_LIMIT_BYTES = 512_000;

/** All that a request says about the sender. */
const HEADERS = ['accept', 'authorization', 'content-type'];

type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A fetch that reads the whole body, up to a limit, before it resolves; so that a cut connection and a body without
 * end are errors of the request. Follows no redirect: the prompt and the key go to the server that was named.
 *
 * @param authorised false to send no key.
 */
export function boundedFetch(authorised: boolean): Fetch {
  return async (url, init = {}) => {
    const given = new Headers(init.headers);
    const headers = new Headers();
    for (const name of HEADERS) {
      const value = given.get(name);
      if (value !== null && (authorised || name !== 'authorization')) headers.set(name, value);
    }
    const response = await fetch(url, { ...init, headers, redirect: 'error' });
    const body = await bodyOf(response);
    const { status, statusText } = response;
    // These statuses must not have a body, not even an empty one.
    const bodiless = status === 204 || status === 205 || status === 304;
    return new Response(bodiless ? null : body, { status, statusText, headers: response.headers });
  };
}

async function bodyOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream, which closes the connection.
    if (bytes > REPLY_LIMIT_BYTES) throw new ReplyTooLongError(`more than ${REPLY_LIMIT_BYTES / 1_000} kB`);
    chunks.push(chunk);
  }
  const body = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
