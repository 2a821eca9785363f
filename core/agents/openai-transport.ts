import type OpenAI from 'openai';
import { z } from 'zod';
import { ANSWER_JSON_SCHEMA } from './answer.ts';
import { boundedFetch } from './bounded-fetch.ts';
import {
  type Endpoint,
  ReplyShapeError,
  type Transport,
  type WireReply,
  type WireRequest,
} from './transport.ts';

const SCHEMA_NAME = 'case';
/** Ours end every request long before; the SDK has no way to switch its own off. */
const NEVER_MS = 24 * 3_600_000;

const count = z.number().int().min(0);
const ChatReplySchema = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish().catch(undefined),
});
const ResponsesReplySchema = z.object({
  status: z.string().nullish(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  error: z.object({ message: z.string().nullish() }).nullish(),
  output: z.array(
    z.object({
      content: z
        .array(z.object({ type: z.string(), text: z.string().optional(), refusal: z.string().optional() }))
        .nullish(),
    }),
  ),
  usage: z.object({ input_tokens: count, output_tokens: count }).nullish().catch(undefined),
});

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
      fetch: boundedFetch(key !== undefined),
    });
    return request.parameters.api === 'chat'
      ? chat(client, request, signal)
      : responses(client, request, signal);
  };
}

async function chat(client: OpenAI, request: WireRequest, signal: AbortSignal): Promise<WireReply> {
  const { model, parameters, system, user, format, newTokenLimitName } = request;
  const { temperature, maxOutputTokens } = parameters;
  const reply: unknown = await client.chat.completions.create(
    {
      model,
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ],
      ...(temperature === null ? {} : { temperature }),
      ...(newTokenLimitName ? { max_completion_tokens: maxOutputTokens } : { max_tokens: maxOutputTokens }),
      ...chatFormat(format),
    },
    { signal },
  );
  const parsed = ChatReplySchema.safeParse(reply);
  const choice = parsed.data?.choices[0];
  if (parsed.data === undefined || choice === undefined) throw new ReplyShapeError('not a chat completion');
  const { usage } = parsed.data;
  return {
    text: choice.message.content ?? '',
    end: endOf(choice.finish_reason),
    refusal: choice.message.refusal ?? null,
    usage: usage ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } : undefined,
  };
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

async function responses(client: OpenAI, request: WireRequest, signal: AbortSignal): Promise<WireReply> {
  const { model, parameters, system, user, format } = request;
  const { temperature, maxOutputTokens } = parameters;
  const reply: unknown = await client.responses.create(
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
  const parsed = ResponsesReplySchema.safeParse(reply);
  if (!parsed.success) throw new ReplyShapeError('not a response');
  const { output, usage, incomplete_details: incomplete, status, error } = parsed.data;
  if (status === 'failed') throw new ReplyShapeError(error?.message ?? 'the response failed');
  const parts = output.flatMap(({ content }) => content ?? []);
  return {
    text: parts.map(({ type, text }) => (type === 'output_text' ? (text ?? '') : '')).join(''),
    end: status === 'incomplete' ? endOf(incomplete?.reason ?? 'length') : 'complete',
    refusal: parts.find(({ type }) => type === 'refusal')?.refusal ?? null,
    usage: usage ? { inputTokens: usage.input_tokens, outputTokens: usage.output_tokens } : undefined,
  };
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

function endOf(reason: string | null | undefined): WireReply['end'] {
  if (reason === 'length' || reason === 'max_output_tokens') return 'length';
  return reason === 'content_filter' ? 'content-filter' : 'complete';
}
