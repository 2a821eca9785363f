import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { ReplyTooLongError } from './transport.ts';

/** Thoughts that servers send beside the answer may be long; nothing sound is longer than this. */
const REPLY_LIMIT_BYTES = 512_000;
/** Who has not taken the connection by then is not there. The answer itself may take as long as the caller waits. */
const CONNECT_MS = 10_000;
/** All that a request says about the sender. */
const HEADERS = ['accept', 'authorization', 'content-type'];
/** What a connection that was never made fails with: the request surely reached nobody. */
export const NOT_CONNECTED = 'NOT_CONNECTED';

type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A fetch that waits for its answer until its signal ends it, and no clock of its own: Node's gives up after 300 s. It
 * reads the whole body, up to a limit, before it resolves; so a cut connection and a body without end are errors of the
 * request. Follows no redirect: the prompt and the key go to the server that was named.
 *
 * @param authorised false to send no key.
 */
export function patientFetch(authorised: boolean): Fetch {
  return async (url, init = {}) => {
    const given = new Headers(init.headers);
    const headers: Record<string, string> = { 'accept-encoding': 'identity' };
    for (const name of HEADERS) {
      const value = given.get(name);
      if (value !== null && (authorised || name !== 'authorization')) headers[name] = value;
    }
    // The one caller writes its body as text.
    const body = typeof init.body === 'string' ? init.body : '';
    return send(new URL(url instanceof Request ? url.url : url), { ...init, body, headers });
  };
}

interface Sent {
  readonly method?: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly signal?: AbortSignal | null;
}

function send(url: URL, { method = 'GET', headers, body, signal }: Sent): Promise<Response> {
  return new Promise((resolve, reject) => {
    const open = url.protocol === 'https:' ? secureRequest : plainRequest;
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const request = open(url, {
      method,
      headers: { ...headers, ...length },
      // A connection of its own: one that the server has just given up would fail the request for nothing.
      agent: false,
      ...(signal ? { signal } : {}),
    });
    request.setTimeout(CONNECT_MS, () => {
      const error = Object.assign(new Error('nobody took the connection'), { code: NOT_CONNECTED });
      if (request.socket?.connecting === true) request.destroy(error);
      else request.setTimeout(0);
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
        chunks.push(chunk);
        if (bytes > REPLY_LIMIT_BYTES) request.destroy(tooLong());
      });
      response.on('end', () => {
        const { statusCode: status = 500, statusMessage: statusText = '' } = response;
        const answered = new Headers();
        for (const [name, value] of Object.entries(response.headers)) {
          if (value !== undefined) answered.set(name, String(value));
        }
        try {
          const text = plain(Buffer.concat(chunks), answered.get('content-encoding'));
          // These statuses must not have a body, not even an empty one.
          const bodiless = status === 204 || status === 205 || status === 304;
          resolve(new Response(bodiless ? null : text, { status, statusText, headers: answered }));
        } catch (error) {
          reject(error);
        }
      });
    });
    request.end(body);
  });
}

/** A body as it was before its server packed it, asked or not. */
function plain(body: Buffer, encoding: string | null): Uint8Array<ArrayBuffer> {
  const options = { maxOutputLength: REPLY_LIMIT_BYTES };
  const unpack = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync }[encoding ?? ''];
  try {
    return new Uint8Array(unpack === undefined ? body : unpack(body, options));
  } catch (error) {
    throw error instanceof RangeError ? tooLong() : error;
  }
}

function tooLong(): ReplyTooLongError {
  return new ReplyTooLongError(`more than ${REPLY_LIMIT_BYTES / 1_000} kB`);
}
