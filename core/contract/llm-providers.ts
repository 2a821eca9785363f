/**
 * Who serves language models, and what each needs: one table for the client, the settings page and the doctor. Any other
 * OpenAI-compatible server works as well; what it knows is then found out by asking.
 */
export interface LlmProvider {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  /** On the trader's own machine: no key is needed and nothing is charged, unless the price table says otherwise. */
  readonly local: boolean;
  /** Where a key comes from, or how the server is started. */
  readonly start: string;
  /** Where its models are listed. */
  readonly models: string;
  /** The strictest way of asking for JSON that it knows. */
  readonly jsonMode: 'json_schema' | 'json_object' | 'text';
  /** What it calls the limit of an answer. */
  readonly tokenField: 'max_tokens' | 'max_completion_tokens';
  /** What is sent to switch thinking off (`llm.thinking`); null: only the choice of a model does. */
  readonly thinkingOff: Readonly<Record<string, unknown>> | null;
  readonly thinking: string;
  /** How much can be read at once, and where that is set. A debate's question has about 3,000 tokens. */
  readonly context: string;
  /** List prices that are known, and of when. Those of other models are unknown here: the trader enters them. */
  readonly prices: readonly KnownPrice[];
}

export interface KnownPrice {
  readonly model: string;
  /** USD for a million tokens. */
  readonly inputPerMTok: number;
  readonly outputPerMTok: number;
  /** Year and month of the price list. */
  readonly asOf: string;
}

function price(model: string, inputPerMTok: number, outputPerMTok: number, asOf: string): KnownPrice {
  return { model, inputPerMTok, outputPerMTok, asOf };
}

export const LLM_PROVIDERS: readonly LlmProvider[] = [
  {
    id: 'openai',
    name: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    local: false,
    start: 'a key from platform.openai.com/api-keys, on an account with credit',
    models: 'platform.openai.com/docs/models',
    jsonMode: 'json_schema',
    tokenField: 'max_completion_tokens',
    thinkingOff: { reasoning_effort: 'minimal' },
    thinking: 'the gpt-5 models think; off asks for as little as they can, other models are asked without it',
    context: '128,000 tokens and more',
    prices: [
      price('gpt-5', 1.25, 10, '2026-03'),
      price('gpt-5-mini', 0.25, 2, '2026-03'),
      price('gpt-5-nano', 0.05, 0.4, '2026-03'),
      price('gpt-4.1', 2, 8, '2026-03'),
      price('gpt-4.1-mini', 0.4, 1.6, '2026-03'),
    ],
  },
  {
    id: 'anthropic',
    name: 'Anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    local: false,
    start: 'a key from console.anthropic.com, on an account with credit',
    models: 'docs.anthropic.com, under models',
    // Its compatible endpoint takes no notice of response_format.
    jsonMode: 'text',
    tokenField: 'max_tokens',
    thinkingOff: null,
    thinking: 'off, unless asked for, which this program does not',
    context: '200,000 tokens',
    prices: [price('claude-sonnet-4-5', 3, 15, '2025-10'), price('claude-haiku-4-5', 1, 5, '2025-10')],
  },
  {
    id: 'gemini',
    name: 'Google Gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
    local: false,
    start: 'a key from aistudio.google.com/apikey; without billing it has few requests a minute',
    models: 'ai.google.dev/gemini-api/docs/models',
    jsonMode: 'json_schema',
    tokenField: 'max_tokens',
    thinkingOff: { reasoning_effort: 'none' },
    thinking: 'on, and counted as output; the Flash models can be told not to, the Pro models cannot',
    context: '1,000,000 tokens',
    prices: [price('gemini-2.5-flash', 0.3, 2.5, '2025-09'), price('gemini-2.5-pro', 1.25, 10, '2025-09')],
  },
  {
    id: 'deepseek',
    name: 'DeepSeek',
    baseUrl: 'https://api.deepseek.com/v1',
    local: false,
    start: 'a key from platform.deepseek.com, with a balance',
    models: 'api-docs.deepseek.com',
    jsonMode: 'json_object',
    tokenField: 'max_tokens',
    thinkingOff: { thinking: { type: 'disabled' } },
    thinking: 'deepseek-reasoner thinks, deepseek-chat does not',
    context: '128,000 tokens',
    prices: [
      price('deepseek-chat', 0.28, 0.42, '2025-10'),
      price('deepseek-reasoner', 0.28, 0.42, '2025-10'),
    ],
  },
  {
    id: 'mistral',
    name: 'Mistral',
    baseUrl: 'https://api.mistral.ai/v1',
    local: false,
    start: 'a key from console.mistral.ai',
    models: 'docs.mistral.ai, under models',
    jsonMode: 'json_schema',
    tokenField: 'max_tokens',
    thinkingOff: null,
    thinking: 'the Magistral models think, the others do not',
    context: '32,000 to 256,000 tokens, by model',
    prices: [],
  },
  {
    id: 'xai',
    name: 'xAI',
    baseUrl: 'https://api.x.ai/v1',
    local: false,
    start: 'a key from console.x.ai, with credit',
    models: 'docs.x.ai, under models',
    jsonMode: 'json_schema',
    tokenField: 'max_completion_tokens',
    thinkingOff: null,
    thinking: 'by model: those with "non-reasoning" in their name do not; thoughts are charged as output',
    context: '128,000 tokens and more, by model',
    prices: [],
  },
  {
    id: 'groq',
    name: 'Groq',
    baseUrl: 'https://api.groq.com/openai/v1',
    local: false,
    start: 'a key from console.groq.com/keys; without billing it has few tokens a minute',
    models: 'console.groq.com/docs/models',
    jsonMode: 'json_object',
    tokenField: 'max_completion_tokens',
    thinkingOff: { reasoning_effort: 'none' },
    thinking: 'by model; the Qwen models can be told not to',
    context: '128,000 tokens for most',
    prices: [
      price('llama-3.3-70b-versatile', 0.59, 0.79, '2025-09'),
      price('llama-3.1-8b-instant', 0.05, 0.08, '2025-09'),
    ],
  },
  {
    id: 'openrouter',
    name: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    local: false,
    start: 'a key from openrouter.ai/keys, with credit; models are named MAKER/MODEL',
    models: 'openrouter.ai/models, with their prices',
    jsonMode: 'json_schema',
    tokenField: 'max_tokens',
    thinkingOff: { reasoning: { enabled: false } },
    thinking: 'by model; most can be told not to',
    context: 'by model',
    prices: [],
  },
  {
    id: 'ollama',
    name: 'Ollama',
    baseUrl: 'http://127.0.0.1:11434/v1',
    local: true,
    start: 'ollama pull MODEL; the server runs from then on',
    models: 'ollama list',
    jsonMode: 'json_schema',
    tokenField: 'max_tokens',
    thinkingOff: { reasoning_effort: 'none' },
    thinking: 'by model: Qwen, DeepSeek-R1 and others think unless told not to',
    context: '4,096 tokens on small machines, which is too little for rebuttals: OLLAMA_CONTEXT_LENGTH=16384',
    prices: [],
  },
  {
    id: 'lm-studio',
    name: 'LM Studio',
    baseUrl: 'http://127.0.0.1:1234/v1',
    local: true,
    start: 'load a model, and start the server on the Developer page',
    models: 'lms ls',
    jsonMode: 'json_schema',
    tokenField: 'max_tokens',
    thinkingOff: null,
    thinking: "in the model's own settings there",
    context: '4,096 tokens by default, which is too little for rebuttals: set at least 16,384 when loading',
    prices: [],
  },
  {
    id: 'vllm',
    name: 'vLLM',
    baseUrl: 'http://127.0.0.1:8000/v1',
    local: true,
    start: 'vllm serve MODEL',
    models: 'the model that it was started with',
    jsonMode: 'json_schema',
    tokenField: 'max_tokens',
    thinkingOff: { chat_template_kwargs: { enable_thinking: false } },
    thinking: 'by model; --reasoning-parser keeps thoughts out of the answer',
    context: "the model's own, or --max-model-len",
    prices: [],
  },
  {
    id: 'llama-cpp',
    name: 'llama.cpp',
    baseUrl: 'http://127.0.0.1:8080/v1',
    local: true,
    start: 'llama-server -m FILE.gguf -c 16384 --jinja',
    models: 'the file that it was started with; any name does',
    jsonMode: 'json_schema',
    tokenField: 'max_tokens',
    thinkingOff: { chat_template_kwargs: { enable_thinking: false } },
    thinking: 'by model; --reasoning-budget 0 switches it off for all',
    context: 'what -c says, divided by the slots of -np',
    prices: [],
  },
];

/** Whom an address belongs to; undefined: a server that the table does not know. */
export function providerOf(baseUrl: string): LlmProvider | undefined {
  if (!URL.canParse(baseUrl)) return undefined;
  const { host, hostname, port } = new URL(baseUrl);
  const here = /^(localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(hostname);
  return LLM_PROVIDERS.find((provider) => {
    const theirs = new URL(provider.baseUrl);
    return provider.local ? here && theirs.port === port : theirs.host === host;
  });
}

/** The list price of a provider's model; undefined: unknown. Dated names count as the model that they are of. */
export function knownPrice(provider: LlmProvider | undefined, model: string): KnownPrice | undefined {
  const plain = model.replace(/^models\//, '').replace(/[-@](20\d{2}-?\d{2}-?\d{2}|latest)$/, '');
  return provider?.prices.find((known) => known.model === plain);
}

/** The part of a settings file that puts a provider's model to work. */
export function providerSettings(provider: LlmProvider, model: string): string {
  const known = knownPrice(provider, model);
  const prices =
    known === undefined
      ? {}
      : { prices: { [model]: { inputPerMTok: known.inputPerMTok, outputPerMTok: known.outputPerMTok } } };
  return JSON.stringify({ llm: { enabled: true, baseUrl: provider.baseUrl, model, ...prices } }, null, 2);
}

/** What a provider needs, a line each: its heading and what there is to know. */
export function providerNeeds(provider: LlmProvider): readonly (readonly [name: string, words: string])[] {
  const { baseUrl, start, local, models, jsonMode, tokenField, thinking, context, prices } = provider;
  const listed = prices.map(
    ({ model, inputPerMTok, outputPerMTok, asOf }) =>
      `${model} ${inputPerMTok} and ${outputPerMTok} (${asOf})`,
  );
  return [
    ['Address', baseUrl],
    [local ? 'Start' : 'Key', start],
    ['Models', models],
    ['JSON', JSON_WORDS[jsonMode]],
    ['Answer limit', `sent as ${tokenField}`],
    ['Thinking', thinking],
    ['Context', context],
    [
      'Prices',
      local
        ? 'none: it runs on this machine'
        : `${listed.length === 0 ? 'unknown here: enter those of your model' : `USD a million tokens in and out: ${listed.join(', ')}; others unknown here`}`,
    ],
  ];
}

const JSON_WORDS: Readonly<Record<LlmProvider['jsonMode'], string>> = {
  json_schema: 'held to the schema by the server',
  json_object: 'held to JSON by the server, to the schema by the question alone',
  text: 'asked for in words only; the answer is found in the text',
};
