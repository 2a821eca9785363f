import { describe, expect, it } from 'vitest';
import { estimateLlm } from './llm-estimate.ts';
import { knownPrice, LLM_PROVIDERS, providerNeeds, providerOf, providerSettings } from './llm-providers.ts';
import { SettingsSchema } from './settings.ts';

describe('who serves language models', () => {
  it('are all those that the documentation names, each once', () => {
    expect(LLM_PROVIDERS.map(({ name }) => name)).toEqual([
      'OpenAI',
      'Anthropic',
      'Google Gemini',
      'DeepSeek',
      'Mistral',
      'xAI',
      'Groq',
      'OpenRouter',
      'Ollama',
      'LM Studio',
      'vLLM',
      'llama.cpp',
    ]);
    expect(new Set(LLM_PROVIDERS.map(({ id }) => id)).size).toBe(LLM_PROVIDERS.length);
  });

  it.each(LLM_PROVIDERS)(
    '$name: what is shown of it is complete, and what is copied are settings',
    (provider) => {
      const needs = providerNeeds(provider);
      expect(needs.map(([name]) => name)).toHaveLength(8);
      for (const [, words] of needs) expect(words).not.toMatch(/undefined|null|^$/);
      const { llm } = SettingsSchema.parse(JSON.parse(providerSettings(provider, 'some-model')));
      expect(llm).toMatchObject({
        enabled: true,
        baseUrl: provider.baseUrl,
        model: 'some-model',
        prices: {},
      });
      expect(providerOf(provider.baseUrl)).toBe(provider);
      if (provider.prices.length === 0) {
        expect(needs.find(([name]) => name === 'Prices')?.[1]).toMatch(/unknown|runs on this machine/);
      }
      for (const { model, asOf } of provider.prices) {
        expect(asOf).toMatch(/^20\d\d-\d\d$/);
        expect(SettingsSchema.parse(JSON.parse(providerSettings(provider, model))).llm.prices).toHaveProperty(
          [model],
        );
      }
    },
  );

  it.each([
    ['http://localhost:11434/v1', 'ollama'],
    ['http://127.0.0.1:1234/v1/', 'lm-studio'],
    ['https://api.openai.com/v1', 'openai'],
    ['https://api.openai.com.evil.example/v1', undefined],
    ['http://192.168.1.7:11434/v1', undefined],
    ['http://127.0.0.1:4010/v1', undefined],
    ['no address', undefined],
  ])('%s is of %s', (baseUrl, id) => {
    expect(providerOf(baseUrl)?.id).toBe(id);
  });

  it('knows the price of a dated name, and of no other model', () => {
    const [openai] = LLM_PROVIDERS;
    expect(knownPrice(openai, 'gpt-5-mini-2025-08-07')?.inputPerMTok).toBe(0.25);
    expect(knownPrice(openai, 'gpt-5-pro')).toBeUndefined();
    expect(knownPrice(undefined, 'gpt-5')).toBeUndefined();
  });
});

describe('the estimate before language models are switched on', () => {
  const settings = (given: object) => SettingsSchema.parse({ symbols: ['BTC/USDT', 'ETH/USDT'], ...given });
  const PRICE = { inputPerMTok: 1, outputPerMTok: 10 };

  it('multiplies calls, tokens and decisions: trend decides once a day, voters at every bar', () => {
    // 3,000 x 1 + 600 x 10 = 9,000 millionths a call, 4 calls.
    expect(estimateLlm(settings({}), PRICE)).toMatchObject({
      decisionsPerMonth: 61,
      callsPerDecision: 4,
      perDecisionUsd: 0.036,
      perMonthUsd: 0.036 * 61,
      budgetPerMonthUsd: 60.875,
    });
    expect(estimateLlm(settings({ strategy: { id: 'ensemble' } }), PRICE).decisionsPerMonth).toBe(1_461);
    expect(
      estimateLlm(settings({ strategy: { id: 'rules' }, timeframe: '15m' }), PRICE).decisionsPerMonth,
    ).toBe(5_844);
    expect(estimateLlm(settings({ strategy: { id: 'ml' } }), PRICE).decisionsPerMonth).toBe(0);
    expect(
      estimateLlm(settings({ llm: { rebuttalRounds: 0 } }), PRICE, { input: 1_000, output: 0 })
        .perDecisionUsd,
    ).toBe(0.002);
  });

  it('says that a price is unknown rather than nothing', () => {
    expect(estimateLlm(settings({}), null)).toMatchObject({ perDecisionUsd: null, perMonthUsd: null });
  });
});
