import type { LlmCallView, PromptName, PromptView } from '../../core/contract/index.ts';

/** Made-up debates: two rounds, one of them failed, every figure different. */
export function fakeCalls(id: string): LlmCallView[] {
  return (['bull', 'bear'] as const).flatMap((agent, side) =>
    [0, 1].map((round): LlmCallView => {
      const failed = agent === 'bear' && round === 1;
      const answer = {
        action: agent === 'bull' ? ('BUY' as const) : ('HOLD' as const),
        confidence: 0.5 + side / 10 + round / 20,
        thesis: `${agent} in round ${round}: the trend holds while volume confirms it.`,
        evidence: ['dist_ema_50_atr 1.2', 'adx_14 0.31'],
        invalidation: 'a close below the 50-bar average',
        horizonBars: 24,
      };
      return {
        key: `${id} ${agent} ${round}`,
        agent,
        round,
        model: 'made-up-model',
        endpoint: '127.0.0.1:4010',
        status: failed ? 'failed' : 'answered',
        system: `You are the ${agent}.`,
        user: '{"symbol":"BTC/USDT","features":{"trend":{"dist_ema_50_atr":1.2}}}',
        answer: failed ? null : JSON.stringify(answer),
        said: failed ? null : answer,
        failure: failed ? { code: 'timeout', message: 'no answer within 20 s' } : null,
        inputTokens: 1_420 + side,
        outputTokens: failed ? 0 : 180 + round,
        costUsd: failed ? 0 : 0.000_98 + round / 10_000,
        latencyMs: 812 + 90 * round,
        attempts: failed ? 3 : 1,
        time: Date.UTC(2025, 0, 7),
        source: 'network',
        knowledgeCutoff: '2025-06-01',
        contaminated: true,
      };
    }),
  );
}

const SHIPPED: Readonly<Record<PromptName, string>> = {
  bull: '---\nversion: 1\n---\nYou argue for rising prices.\nUse the figures only.\n',
  bear: '---\nversion: 1\n---\nYou argue for falling prices.\nUse the figures only.\n',
  rebuttal: '---\nversion: 1\n---\nAnswer the other side’s case.\n',
};

export class FakePrompts {
  readonly #own = new Map<PromptName, string>();

  list(): PromptView[] {
    return (['bull', 'bear', 'rebuttal'] as const).map((name) => ({
      name,
      version: '1',
      source: this.#own.get(name) ?? SHIPPED[name],
      shipped: SHIPPED[name],
      own: this.#own.has(name),
    }));
  }

  save(name: PromptName, source: string): PromptView[] {
    this.#own.set(name, source);
    return this.list();
  }

  reset(name: PromptName): PromptView[] {
    this.#own.delete(name);
    return this.list();
  }
}
