import { describe, expect, test } from 'vitest';
import { Metrics } from './metrics.ts';

describe('Metrics', () => {
  test('tells Prometheus what the engine did', async () => {
    const metrics = new Metrics();
    metrics.barProcessed('BTC/USDT');
    metrics.barProcessed('BTC/USDT');
    metrics.decided('held');
    metrics.decided('traded');
    metrics.orderReached('FILLED');
    metrics.loopTook(3);
    metrics.loopTook(7_000);
    metrics.feedAge(2_500);
    metrics.equity(10_050.5);
    const lines = (await metrics.text()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '# TYPE tradebot_bars_processed_total counter',
        'tradebot_bars_processed_total{symbol="BTC/USDT"} 2',
        'tradebot_decisions_total{outcome="held"} 1',
        'tradebot_decisions_total{outcome="traded"} 1',
        'tradebot_order_events_total{status="FILLED"} 1',
        'tradebot_loop_latency_seconds_bucket{le="0.005"} 1',
        'tradebot_loop_latency_seconds_bucket{le="15"} 2',
        'tradebot_loop_latency_seconds_count 2',
        'tradebot_feed_age_seconds 2.5',
        'tradebot_equity_quote 10050.5',
      ]),
    );
  });

  test('two engines do not share their figures', async () => {
    const first = new Metrics();
    first.decided('held');
    expect(await new Metrics().text()).toContain('tradebot_decisions_total{outcome="held"} 0');
  });
});
