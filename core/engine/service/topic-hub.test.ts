import { describe, expect, it } from 'vitest';
import { alertRecord } from '../../../tests/contracts/alert-store-contract.ts';
import type { CandleView, StreamMessage } from '../../contract/index.ts';
import { shownAlert } from '../../monitoring/index.ts';
import { TopicHub } from './topic-hub.ts';

function candle(openTime: number, close = 1): CandleView {
  return { openTime, open: 1, high: 2, low: 0.5, close, volume: 3, closed: true };
}

function recorder(): {
  readonly messages: StreamMessage[];
  readonly listen: (message: StreamMessage) => void;
} {
  const messages: StreamMessage[] = [];
  return { messages, listen: (message) => messages.push(message) };
}

describe('TopicHub', () => {
  it('sends a snapshot first and then numbered updates of what changed', () => {
    const hub = new TopicHub();
    hub.upsert('candles', 'candles:BTC/USDT', [candle(1)]);
    const { messages, listen } = recorder();
    hub.subscribe('candles:BTC/USDT', listen);
    hub.upsert('candles', 'candles:BTC/USDT', [candle(2)]);
    hub.upsert('candles', 'candles:BTC/USDT', [candle(2, 1.5)]);
    hub.flush();
    expect(messages).toEqual([
      { topic: 'candles:BTC/USDT', kind: 'snapshot', sequence: 1, content: [candle(1)] },
      { topic: 'candles:BTC/USDT', kind: 'update', sequence: 2, content: [candle(2, 1.5)] },
    ]);
  });

  it('keeps quiet when nothing changed or a value is the same again', () => {
    const hub = new TopicHub();
    const { messages, listen } = recorder();
    hub.set('positions', []);
    hub.subscribe('positions', listen);
    hub.set('positions', []);
    hub.flush();
    hub.flush();
    expect(messages).toHaveLength(1);
  });

  it('gives a late subscriber a snapshot with the number of the last update', () => {
    const hub = new TopicHub();
    const early = recorder();
    hub.subscribe('candles:ETH/USDT', early.listen);
    for (const time of [1, 2, 3]) {
      hub.upsert('candles', 'candles:ETH/USDT', [candle(time)]);
      hub.flush();
    }
    const late = recorder();
    hub.subscribe('candles:ETH/USDT', late.listen);
    expect(late.messages[0]?.sequence).toBe(early.messages.at(-1)?.sequence);
    expect(late.messages[0]?.content).toHaveLength(3);
  });

  it('sends nothing after the subscription is disposed', () => {
    const hub = new TopicHub();
    const { messages, listen } = recorder();
    const dispose = hub.subscribe('alerts', listen);
    dispose();
    hub.upsert('alerts', 'alerts', [shownAlert(alertRecord('a'))]);
    hub.flush();
    expect(messages).toHaveLength(1);
  });

  it('refuses a topic that does not exist', () => {
    expect(() => new TopicHub().subscribe('candles' as 'status', () => undefined)).toThrow('no topic');
  });
});
