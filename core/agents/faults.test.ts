import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FaultContext, faultIn, faultOf } from './faults.ts';
import { GOOD_ANSWER } from './testing/llm-server.ts';
import { ServerRefusal } from './transport.ts';
import { readWireReply } from './wire-reply.ts';

const CONTEXT: FaultContext = {
  baseUrl: 'https://api.example.com/v1',
  host: 'api.example.com',
  model: 'some-model',
  maxOutputTokens: 1_000,
  now: Date.UTC(2026, 0, 5, 12),
};

function bodyOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** What the program makes of an answer of a server, as its transport does. */
function faultFor(status: number, body: unknown, headers: Record<string, string> = {}) {
  const reply = { status, headers: new Headers(headers), body: bodyOf(body) };
  try {
    if (status >= 300) throw new ServerRefusal(reply);
    return faultIn(readWireReply('chat', reply), CONTEXT);
  } catch (error) {
    return faultOf(error, CONTEXT);
  }
}

const PAGE = (title: string): string =>
  `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body>x</body></html>`;

/** Before it was cut, each of these held the whole program up for a minute. */
describe('a text made to be slow to read', () => {
  const long = (piece: string): string => piece.repeat(Math.ceil(400_000 / piece.length));

  it.each<[string, number, unknown, string]>([
    ['a wait of endless digits', 429, { retryDelay: long('1') }, 'rate-limited'],
    ['a wait of endless digits, within', 429, { error: { a: { retry_after: long('1') } } }, 'rate-limited'],
    ['a page that begins its title for ever', 502, `<html>${long('<title')}`, 'unavailable'],
    ['words that begin to say', 400, { error: { message: long('input token count ') } }, 'request-refused'],
    ['a code that begins to say', 400, { error: { code: long('blocked by ') } }, 'request-refused'],
    [
      'a place in the request',
      422,
      { detail: [{ loc: Array(30_000).fill('input token count'), msg: 'x' }] },
      'request-refused',
    ],
    [
      'what it was told',
      400,
      { error: { message: 'x', metadata: { raw: long('blocked by ') } } },
      'request-refused',
    ],
    [
      'who told it',
      400,
      { error: { message: 'x', metadata: { provider_name: long('blocked by '), raw: 'y' } } },
      'request-refused',
    ],
    ['no JSON', 400, long('input token count '), 'request-refused'],
  ])('%s', (_, status, body, code) => {
    expect(faultFor(status, body)).toMatchObject({ code });
  });
});

describe('an error of a server, whoever it is', () => {
  // [who and what, status, body, code, tried again, perhaps worked on, words, wait in ms]
  const ERRORS: [string, number, unknown, string, boolean, boolean, RegExp, number?][] = [
    [
      'OpenAI, wrong key',
      401,
      {
        error: {
          message: 'Incorrect API key provided: sk-ab***yz.',
          type: 'invalid_request_error',
          param: null,
          code: 'invalid_api_key',
        },
      },
      'unauthorised',
      false,
      false,
      /refused the key: set llm.apiKey .*\(401\)$/,
    ],
    [
      'OpenAI, empty account',
      429,
      {
        error: {
          message: 'You exceeded your current quota',
          type: 'insufficient_quota',
          param: null,
          code: 'insufficient_quota',
        },
      },
      'payment-required',
      false,
      false,
      /add credit there \(429: You exceeded/,
    ],
    [
      'OpenAI, rate limit',
      429,
      {
        error: {
          message:
            'Rate limit reached for gpt in organization org on tokens per min (TPM): Limit 30000. Please try again in 7.66s. Visit',
          type: 'tokens',
          code: 'rate_limit_exceeded',
        },
      },
      'rate-limited',
      true,
      false,
      /fewer requests/,
      7_660,
    ],
    [
      'OpenAI, no such model',
      404,
      {
        error: {
          message: 'The model `x` does not exist or you do not have access to it.',
          type: 'invalid_request_error',
          code: 'model_not_found',
        },
      },
      'model-not-found',
      false,
      false,
      /check llm.model/,
    ],
    [
      'OpenAI, too long',
      400,
      {
        error: {
          message:
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
          type: 'invalid_request_error',
          param: 'messages',
          code: 'context_length_exceeded',
        },
      },
      'request-refused',
      false,
      false,
      /longer than some-model can read.*8192/,
    ],
    [
      'OpenAI, an unknown parameter',
      400,
      {
        error: {
          message: "Unsupported parameter: 'max_tokens'",
          type: 'invalid_request_error',
          code: 'unsupported_parameter',
        },
      },
      'request-refused',
      false,
      false,
      /refused the request \(400: Unsupported/,
    ],
    [
      'OpenAI, country',
      403,
      {
        error: {
          message: 'Country, region, or territory not supported',
          code: 'unsupported_country_region_territory',
          type: 'request_forbidden',
        },
      },
      'unauthorised',
      false,
      false,
      /check the account.*Country/,
    ],
    [
      'OpenAI, overloaded',
      503,
      { error: { message: 'The engine is currently overloaded', type: 'server_error' } },
      'unavailable',
      true,
      false,
      /overloaded \(503/,
    ],
    [
      'Azure, filtered question',
      400,
      {
        error: {
          message: "The response was filtered due to Azure OpenAI's content management policy.",
          code: 'content_filter',
          status: 400,
        },
      },
      'refused',
      false,
      false,
      /filtered the question/,
    ],
    [
      'Anthropic, wrong key',
      401,
      { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } },
      'unauthorised',
      false,
      false,
      /refused the key/,
    ],
    [
      'Anthropic, overloaded',
      529,
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      'unavailable',
      true,
      false,
      /overloaded \(529: Overloaded\)/,
    ],
    [
      'Anthropic, no credit',
      400,
      {
        type: 'error',
        error: {
          type: 'invalid_request_error',
          message: 'Your credit balance is too low to access the Anthropic API.',
        },
      },
      'payment-required',
      false,
      false,
      /add credit there \(400: Your credit/,
    ],
    [
      'Anthropic, no such model',
      404,
      { type: 'error', error: { type: 'not_found_error', message: 'model: claude-x' } },
      'model-not-found',
      false,
      false,
      /claude-x/,
    ],
    [
      'Anthropic, too long',
      400,
      {
        error: {
          code: 'invalid_request_error',
          message: 'prompt is too long: 210000 tokens > 200000 maximum',
          type: 'invalid_request_error',
        },
      },
      'request-refused',
      false,
      false,
      /longer than some-model can read/,
    ],
    [
      'Gemini, wrong key, in a list',
      400,
      [
        {
          error: {
            code: 400,
            message: 'API key not valid. Please pass a valid API key.',
            status: 'INVALID_ARGUMENT',
            details: [{ '@type': 'x', reason: 'API_KEY_INVALID' }],
          },
        },
      ],
      'unauthorised',
      false,
      false,
      /refused the key/,
    ],
    [
      'Gemini, rate limit, in a list',
      429,
      [
        {
          error: {
            code: 429,
            message: 'You exceeded your current quota, please check your plan and billing details.',
            status: 'RESOURCE_EXHAUSTED',
            details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '28s' }],
          },
        },
      ],
      'rate-limited',
      true,
      false,
      /fewer requests \(429: You exceeded/,
      28_000,
    ],
    [
      'Gemini, overloaded',
      503,
      [
        {
          error: {
            code: 503,
            message: 'The model is overloaded. Please try again later.',
            status: 'UNAVAILABLE',
          },
        },
      ],
      'unavailable',
      true,
      false,
      /overloaded/,
    ],
    [
      'Gemini, too long',
      400,
      [
        {
          error: {
            code: 400,
            message:
              'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
            status: 'INVALID_ARGUMENT',
          },
        },
      ],
      'request-refused',
      false,
      false,
      /longer than some-model/,
    ],
    [
      'DeepSeek, no balance',
      402,
      {
        error: {
          message: 'Insufficient Balance',
          type: 'unknown_error',
          param: null,
          code: 'invalid_request_error',
        },
      },
      'payment-required',
      false,
      false,
      /Insufficient Balance/,
    ],
    [
      'DeepSeek, no such model',
      400,
      {
        error: {
          message: 'Model Not Exist',
          type: 'invalid_request_error',
          param: null,
          code: 'invalid_request_error',
        },
      },
      'model-not-found',
      false,
      false,
      /Model Not Exist/,
    ],
    [
      'DeepSeek, wrong key',
      401,
      {
        error: {
          message: 'Authentication Fails, Your api key: ****abcd is invalid',
          type: 'authentication_error',
        },
      },
      'unauthorised',
      false,
      false,
      /refused the key/,
    ],
    [
      'Mistral, wrong key',
      401,
      { message: 'Unauthorized', request_id: 'r' },
      'unauthorised',
      false,
      false,
      /refused the key/,
    ],
    [
      'Mistral, no such model',
      400,
      { object: 'error', message: 'Invalid model: x', type: 'invalid_model', param: null, code: '1500' },
      'model-not-found',
      false,
      false,
      /Invalid model: x/,
    ],
    [
      'Mistral, a field it does not know',
      422,
      {
        object: 'error',
        message: {
          detail: [
            {
              type: 'extra_forbidden',
              loc: ['body', 'max_completion_tokens'],
              msg: 'Extra inputs are not permitted',
            },
          ],
        },
        type: 'invalid_request_error',
      },
      'request-refused',
      false,
      false,
      /max_completion_tokens: Extra inputs are not permitted/,
    ],
    [
      'Mistral, FastAPI’s list',
      422,
      { detail: [{ type: 'missing', loc: ['body', 'messages'], msg: 'Field required' }] },
      'request-refused',
      false,
      false,
      /body.messages: Field required/,
    ],
    [
      'Mistral, capacity',
      429,
      {
        object: 'error',
        message: 'Service tier capacity exceeded for this model.',
        type: 'service_tier_capacity_exceeded',
        code: '3505',
      },
      'rate-limited',
      true,
      false,
      /fewer requests/,
    ],
    [
      'xAI, wrong key',
      400,
      { code: 'Client specified an invalid argument', error: 'Incorrect API key provided: xa***z.' },
      'unauthorised',
      false,
      false,
      /refused the key/,
    ],
    [
      'xAI, no credit',
      403,
      {
        code: 'The caller does not have permission',
        error: 'Your newly created team has used all available credits',
      },
      'payment-required',
      false,
      false,
      /add credit/,
    ],
    [
      'xAI, no such model',
      404,
      { code: 'Some requested entity was not found', error: 'The model x does not exist' },
      'model-not-found',
      false,
      false,
      /does not exist/,
    ],
    [
      'Groq, rate limit',
      429,
      {
        error: {
          message:
            'Rate limit reached for model in organization on requests per day (RPD). Please try again in 1m2.5s.',
          type: 'requests',
          code: 'rate_limit_exceeded',
        },
      },
      'rate-limited',
      true,
      false,
      /fewer/,
      62_500,
    ],
    [
      'Groq, retired model',
      400,
      {
        error: {
          message: 'The model `x` has been decommissioned',
          type: 'invalid_request_error',
          code: 'model_decommissioned',
        },
      },
      'model-not-found',
      false,
      false,
      /decommissioned/,
    ],
    [
      'Groq, the model missed the schema',
      400,
      {
        error: {
          message: "Failed to validate JSON. Please adjust your prompt. See 'failed_generation'",
          type: 'invalid_request_error',
          code: 'json_validate_failed',
          failed_generation: '',
        },
      },
      'request-refused',
      false,
      false,
      /Failed to validate JSON/,
    ],
    [
      'OpenRouter, 429 inside a 200',
      200,
      { error: { message: 'upstream is rate-limited, try again shortly', code: 429 }, user_id: 'u' },
      'rate-limited',
      true,
      false,
      /fewer requests \(429: upstream is rate-limited, try again shortly\)/,
    ],
    [
      'OpenRouter, 402 inside a 200',
      200,
      { error: { message: 'not enough credits', code: 402 } },
      'payment-required',
      false,
      false,
      /add credit there \(402: not enough credits\)/,
    ],
    [
      'OpenRouter, a failed choice',
      200,
      {
        choices: [
          {
            index: 0,
            finish_reason: 'error',
            error: { code: 502, message: 'the provider failed' },
            message: { role: 'assistant', content: '' },
          },
        ],
      },
      'unavailable',
      true,
      false,
      /failed \(502: the provider failed\)/,
    ],
    [
      'OpenRouter, whose provider speaks',
      429,
      {
        error: {
          message: 'Provider returned error',
          code: 429,
          metadata: {
            raw: '{"error":{"message":"x is temporarily limited"}}',
            provider_name: 'Chutes',
            headers: { 'X-RateLimit-Reset': String(Date.UTC(2026, 0, 5, 12, 0, 9)) },
          },
        },
      },
      'rate-limited',
      true,
      false,
      /Provider returned error: Chutes: x is temporarily limited/,
      9_000,
    ],
    [
      'OpenRouter, not a model',
      400,
      { error: { message: 'x is not a valid model ID', code: 400 } },
      'model-not-found',
      false,
      false,
      /not a valid model ID/,
    ],
    [
      'OpenRouter, no provider',
      404,
      { error: { message: 'No endpoints found for x.', code: 404 } },
      'model-not-found',
      false,
      false,
      /No endpoints/,
    ],
    [
      'OpenRouter, moderation',
      403,
      {
        error: {
          code: 403,
          message: 'x requires moderation. Your input was flagged',
          metadata: { reasons: ['violence'], flagged_input: 'y' },
        },
      },
      'refused',
      false,
      false,
      /filtered the question/,
    ],
    [
      'Ollama, no such model',
      404,
      {
        error: {
          message: 'model "x" not found, try pulling it first',
          type: 'api_error',
          param: null,
          code: null,
        },
      },
      'model-not-found',
      false,
      false,
      /try pulling it first/,
    ],
    [
      'Ollama, an error that is a text',
      404,
      { error: "model 'x' not found" },
      'model-not-found',
      false,
      false,
      /\(404: model 'x' not found\)/,
    ],
    [
      'Ollama, no memory',
      500,
      {
        error: {
          message: 'model requires more system memory (5.6 GiB) than is available (3.1 GiB)',
          type: 'api_error',
        },
      },
      'request-refused',
      false,
      false,
      /too little memory for some-model: take a smaller one/,
    ],
    [
      'Ollama, queue',
      503,
      { error: 'server busy, please try again.  maximum pending requests exceeded' },
      'unavailable',
      true,
      false,
      /overloaded/,
    ],
    [
      'LM Studio, nothing loaded',
      400,
      {
        error: {
          message: 'No models loaded. Please load a model in the developer page.',
          type: 'invalid_request_error',
          param: 'model',
          code: 'model_not_found',
        },
      },
      'model-not-found',
      false,
      false,
      /No models loaded/,
    ],
    [
      'LM Studio, a wrong path inside a 200',
      200,
      { error: 'Unexpected endpoint or method. (POST /chat/completions)' },
      'model-not-found',
      false,
      false,
      /llm.baseUrl \(most end in \/v1\).*Unexpected endpoint/,
    ],
    [
      'LM Studio, too long',
      400,
      {
        error:
          'Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens',
      },
      'request-refused',
      false,
      false,
      /load it with a longer context/,
    ],
    [
      'vLLM, no such model',
      404,
      {
        object: 'error',
        message: 'The model `x` does not exist.',
        type: 'NotFoundError',
        param: null,
        code: 404,
      },
      'model-not-found',
      false,
      false,
      /does not exist/,
    ],
    [
      'vLLM, too long',
      400,
      {
        object: 'error',
        message: "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
        type: 'BadRequestError',
        code: 400,
      },
      'request-refused',
      false,
      false,
      /longer than some-model/,
    ],
    ['vLLM, wrong key', 401, { error: 'Unauthorized' }, 'unauthorised', false, false, /refused the key/],
    [
      'llama.cpp, loading',
      503,
      { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
      'unavailable',
      true,
      false,
      /overloaded \(503: Loading model\)/,
    ],
    [
      'llama.cpp, too long',
      400,
      {
        error: {
          code: 400,
          message: 'the request exceeds the available context size, try increasing it',
          type: 'exceed_context_size_error',
          n_prompt_tokens: 5_000,
          n_ctx: 4_096,
        },
      },
      'request-refused',
      false,
      false,
      /longer context/,
    ],
    [
      'llama.cpp, wrong key',
      401,
      { error: { code: 401, message: 'Invalid API Key', type: 'authentication_error' } },
      'unauthorised',
      false,
      false,
      /refused the key/,
    ],
    [
      'a gateway that is down',
      502,
      PAGE('502 Bad Gateway'),
      'unavailable',
      true,
      true,
      /failed \(502: a web page, "502 Bad Gateway"\)/,
    ],
    [
      'a gateway that waited too long',
      524,
      PAGE('A timeout occurred'),
      'unavailable',
      true,
      true,
      /gave up waiting/,
    ],
    [
      'a gateway that is full',
      503,
      PAGE('Service Temporarily Unavailable'),
      'unavailable',
      true,
      false,
      /overloaded/,
    ],
    [
      'a gateway that wants to see a human',
      403,
      PAGE('Just a moment...'),
      'unauthorised',
      false,
      false,
      /Just a moment/,
    ],
    [
      'a gateway that takes no such length',
      413,
      PAGE('413 Request Entity Too Large'),
      'request-refused',
      false,
      false,
      /longer than/,
    ],
    [
      'a sign-in page in place of the answer',
      200,
      PAGE('Sign in'),
      'broken-answer',
      false,
      false,
      /check llm.baseUrl.*"Sign in"/,
    ],
    ['a redirect', 307, '', 'unavailable', false, false, /redirects/],
    ['nothing but a status', 500, '', 'unavailable', true, true, /failed \(500\)$/],
    ['bare words', 429, 'slow down', 'rate-limited', true, false, /\(429: slow down\)/],
    [
      'an error that says nothing',
      400,
      { error: {} },
      'request-refused',
      false,
      false,
      /refused the request \(400\)$/,
    ],
    [
      'a status nobody knows',
      418,
      { error: { message: 'teapot' } },
      'request-refused',
      false,
      false,
      /teapot/,
    ],
  ];

  it.each(ERRORS)('%s', (_, status, body, code, retryable, processed, words, waitMs) => {
    const fault = faultFor(status, body);
    expect(fault).toMatchObject({ code, retryable, processed });
    expect(fault?.message).toMatch(words);
    expect(fault?.message).not.toMatch(/\n|<html|undefined|\[object/);
    expect(fault?.retryAfterMs).toBe(waitMs);
  });

  it.each([
    ['seconds', { 'retry-after': '2' }, {}, 2_000],
    ['a date', { 'retry-after': 'Mon, 05 Jan 2026 12:00:03 GMT' }, {}, 3_000],
    ['milliseconds', { 'retry-after-ms': '1500' }, {}, 1_500],
    ['a time that is over', { 'retry-after': 'Mon, 05 Jan 2026 11:00:00 GMT' }, {}, 0],
    ['less than nothing', { 'retry-after': '-5' }, {}, 0],
    ['no time', { 'retry-after': 'soon' }, {}, undefined],
    ['a field of the body', {}, { error: { message: 'no', retry_after: 4 } }, 4_000],
    ['words', {}, { error: { message: 'please retry after 20 seconds' } }, 20_000],
    ['words with units', {}, { error: { message: 'Please try again in 250ms.' } }, 250],
    ['a moment in seconds', { 'x-ratelimit-reset': String(Date.UTC(2026, 0, 5, 12, 1) / 1_000) }, {}, 60_000],
    ['a count that is no moment', { 'x-ratelimit-reset': '7' }, {}, undefined],
  ])('asks to wait: %s', (_, headers, body, waitMs) => {
    expect(faultFor(429, body, headers as Record<string, string>)?.retryAfterMs).toBe(waitMs);
  });

  it('is read whatever it is, without throwing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), fc.oneof(fc.json(), fc.string()), (status, body) => {
        const fault = faultFor(status, body);
        expect(fault === undefined || fault.message.length > 0).toBe(true);
      }),
    );
  });
});

describe('an answer of a server, whatever shape it has', () => {
  const text = JSON.stringify(GOOD_ANSWER);
  const usage = { prompt_tokens: 900, completion_tokens: 100 };
  const read = (body: unknown) =>
    readWireReply('chat', { status: 200, headers: new Headers(), body: bodyOf(body) });
  const message = (given: object, finish: string | null = 'stop') => ({
    choices: [{ message: { role: 'assistant', ...given }, finish_reason: finish }],
    usage,
  });

  it.each([
    ['plain', message({ content: text })],
    ['without an end', message({ content: text }, null)],
    [
      'in parts',
      message({
        content: [
          { type: 'text', text: text.slice(0, 9) },
          { type: 'text', text: text.slice(9) },
        ],
      }),
    ],
    [
      'in parts, thoughts beside them',
      message({
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
          { type: 'text', text },
        ],
      }),
    ],
    [
      'as a call of a tool',
      message(
        {
          content: null,
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'case', arguments: text } }],
        },
        'tool_calls',
      ),
    ],
    [
      'as a call of a tool, unquoted',
      message({ content: '', tool_calls: [{ function: { name: 'case', arguments: GOOD_ANSWER } }] }),
    ],
    [
      'as a call of the old kind',
      message({ content: null, function_call: { name: 'case', arguments: text } }),
    ],
    ['as the use of a tool', message({ content: [{ type: 'tool_use', input: GOOD_ANSWER }] })],
    ['with thoughts beside it', message({ content: text, reasoning_content: 'hm' })],
    ['as a plain completion', { choices: [{ text, finish_reason: 'stop' }], usage }],
    [
      'as a stream',
      `data: ${JSON.stringify({ choices: [{ delta: { content: text.slice(0, 9) } }] })}\n\ndata: ${JSON.stringify({ choices: [{ delta: { content: text.slice(9) }, finish_reason: 'stop' }], usage })}\n\ndata: [DONE]\n`,
    ],
  ])('%s', (_, body) => {
    expect(read(body)).toMatchObject({
      text,
      end: 'complete',
      refusal: null,
      usage: { inputTokens: 900, outputTokens: 100 },
    });
  });

  it.each(['length', 'max_tokens', 'MAX_TOKENS', 'model_length'])('is cut where the end is %s', (finish) => {
    expect(faultIn(read(message({ content: text }, finish)), CONTEXT)).toMatchObject({
      code: 'broken-answer',
    });
  });

  it.each(['content_filter', 'SAFETY', 'RECITATION'])('is filtered where the end is %s', (finish) => {
    expect(faultIn(read(message({ content: null }, finish)), CONTEXT)).toMatchObject({ code: 'refused' });
  });

  it('says which limit cut it: the one that was asked for, or the context', () => {
    const cut = (tokens: number) =>
      faultIn(
        read({
          ...message({ content: '' }, 'length'),
          usage: { prompt_tokens: 4_000, completion_tokens: tokens },
        }),
        CONTEXT,
      )?.message;
    expect(cut(1_000)).toBe('the answer was cut off: raise llm.maxOutputTokens');
    expect(cut(96)).toMatch(/after 96 tokens, as the context of some-model was full/);
  });

  it('that calls two tools is both calls: which was meant nobody knows', () => {
    const call = (text: string) => ({ function: { name: 'case', arguments: text } });
    const read2 = read(message({ content: null, tool_calls: [call('{"a":1}'), call('{"a":2}')] }));
    expect(read2.text).toBe('{"a":1}\n{"a":2}');
    const items = ['{"a":1}', '{"a":2}'].map((text) => ({ type: 'function_call', arguments: text }));
    const body = JSON.stringify({ status: 'completed', output: items });
    const reply = { status: 200, headers: new Headers(), body };
    expect(readWireReply('responses', reply).text).toBe('{"a":1}\n{"a":2}');
  });

  it('that is nothing but thoughts says so', () => {
    const fault = faultIn(read(message({ content: '', reasoning: 'hm' })), CONTEXT);
    expect(fault?.message).toBe('the answer is nothing but thoughts');
  });

  it.each<[string, unknown, unknown]>([
    ['counted', { prompt_tokens: 5, completion_tokens: 7 }, { inputTokens: 5, outputTokens: 7 }],
    ['by other names', { input_tokens: 5, output_tokens: 7 }, { inputTokens: 5, outputTokens: 7 }],
    ['in quotes', { prompt_tokens: '5', completion_tokens: '7' }, { inputTokens: 5, outputTokens: 7 }],
    [
      'thoughts in the total only',
      { prompt_tokens: 5, completion_tokens: 7, total_tokens: 50 },
      { inputTokens: 5, outputTokens: 45 },
    ],
    ['negative', { prompt_tokens: -5, completion_tokens: 7 }, undefined],
    ['a fraction', { prompt_tokens: 5.5, completion_tokens: 7 }, undefined],
    ['in words', { prompt_tokens: 'many', completion_tokens: 7 }, undefined],
    ['null', { prompt_tokens: null, completion_tokens: 7 }, undefined],
    ['half of it', { prompt_tokens: 5 }, undefined],
    ['a list', [5, 7], undefined],
    ['not at all', undefined, undefined],
  ])('has tokens %s', (_, stated, counted) => {
    expect(read({ ...message({ content: text }), usage: stated }).usage).toEqual(counted);
  });

  it.each([
    ['no choices', { choices: [] }],
    ['no message', { choices: [{}] }],
    ['a list', []],
    ['a number', '7'],
    ['half a body', '{"choices":[{"mess'],
    ['half a stream', 'data: {"choices":[{"delta":{"content":"{"}}]}\n'],
    ['nothing', ''],
  ])('is none: %s', (_, body) => {
    expect(faultFor(200, body)).toMatchObject({ code: 'broken-answer', retryable: true, processed: true });
  });

  it('that is an error is charged what it counts', () => {
    const error = { error: { message: 'failed midway', code: 502 }, usage };
    expect(faultFor(200, error)).toMatchObject({
      code: 'unavailable',
      processed: false,
      usage: { inputTokens: 900, outputTokens: 100 },
    });
  });
});
