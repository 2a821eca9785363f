import type OpenAI from 'openai';
import { ANSWER_JSON_SCHEMA } from './answer.ts';
import { withoutSecret } from './outside-text.ts';
import { patientFetch } from './patient-fetch.ts';
import {
  type Endpoint,
  type RawReply,
  ServerRefusal,
  type Transport,
  type WireRequest,
} from './transport.ts';
import { readWireReply } from './wire-reply.ts';

const SCHEMA_NAME = 'case';
/** Ours end every request long before; the SDK has no way to switch its own off. */
const NEVER_MS = 24 * 3_600_000;

/** Loads the package before its first use: loading it in the middle of trading holds everything up for a while. */
export async function loadOpenAi(): Promise<void> {
  await import('openai');
}

/**
 * Talks to an OpenAI-compatible server through the `openai` package. Its own retries are off, its environment
 * variables are not read, and nothing but the request goes out. The package is loaded at the first request.
 */
export function openOpenAiTransport({ baseUrl, secret }: Endpoint): Transport {
  return async (request, signal) => {
    const key = secret();
    const { default: Client } = await import('openai');
    const client = new Client({
      baseURL: baseUrl,
      // The package insists on a key; a server that needs none is sent none.
      apiKey: key ?? 'none',
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      maxRetries: 0,
      timeout: NEVER_MS,
      logLevel: 'off',
      fetch: withoutErrors(patientFetch(key !== undefined), key),
    });
    const { api } = request.parameters;
    const answered = api === 'chat' ? chat(client, request, signal) : responses(client, request, signal);
    return readWireReply(api, await rawOf(await answered, key));
  };
}

/** A fetch that rejects with what a server refuses: the package's own errors lose half of the words. */
function withoutErrors(fetch: typeof globalThis.fetch, key: string | undefined): typeof globalThis.fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response.ok) return response;
    throw new ServerRefusal(await rawOf(response, key));
  };
}

/** A reply as text, from which the key is gone before anybody reads it: servers may repeat what they were sent. */
async function rawOf(response: Response, key: string | undefined): Promise<RawReply> {
  const { status, headers } = response;
  return { status, headers, body: withoutSecret(await response.text(), key) };
}

function chat(client: OpenAI, request: WireRequest, signal: AbortSignal): Promise<Response> {
  const { model, parameters, system, user, format, newTokenLimitName, more } = request;
  const { temperature, maxOutputTokens } = parameters;
  const sent = client.chat.completions.create(
    {
      model,
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ],
      ...(temperature === null ? {} : { temperature }),
      ...(newTokenLimitName ? { max_completion_tokens: maxOutputTokens } : { max_tokens: maxOutputTokens }),
      ...chatFormat(format),
      ...more,
    },
    { signal },
  );
  return sent.asResponse();
}

function chatFormat(
  format: WireRequest['format'],
): Pick<OpenAI.ChatCompletionCreateParamsNonStreaming, 'response_format'> {
  switch (format) {
    case 'json_schema':
      return {
        response_format: {
          type: 'json_schema',
          json_schema: { name: SCHEMA_NAME, schema: ANSWER_JSON_SCHEMA, strict: true },
        },
      };
    case 'json_object':
      return { response_format: { type: 'json_object' } };
    case 'text':
      return {};
  }
}

function responses(client: OpenAI, request: WireRequest, signal: AbortSignal): Promise<Response> {
  const { model, parameters, system, user, format } = request;
  const { temperature, maxOutputTokens } = parameters;
  const sent = client.responses.create(
    {
      model,
      instructions: system,
      input: user,
      // The call store is the record; the server need not keep one.
      store: false,
      max_output_tokens: maxOutputTokens,
      ...(temperature === null ? {} : { temperature }),
      ...responsesFormat(format),
    },
    { signal },
  );
  return sent.asResponse();
}

function responsesFormat(
  format: WireRequest['format'],
): Pick<OpenAI.Responses.ResponseCreateParamsNonStreaming, 'text'> {
  switch (format) {
    case 'json_schema':
      return {
        text: {
          format: { type: 'json_schema', name: SCHEMA_NAME, schema: ANSWER_JSON_SCHEMA, strict: true },
        },
      };
    case 'json_object':
      return { text: { format: { type: 'json_object' } } };
    case 'text':
      return {};
  }
}
