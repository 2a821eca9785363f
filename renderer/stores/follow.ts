import type { TopicAddress } from '../../core/contract/index.ts';
import type { Disposer } from '../disposer.ts';
import type { HostConnection } from '../host/index.ts';
import { useCandles } from './candles.ts';
import { useConnection } from './connection.ts';
import { FrameBatch, nextFrame } from './frame-batch.ts';
import {
  useAlerts,
  useDecisions,
  useEquity,
  useFills,
  useOrders,
  usePortfolio,
  usePositions,
  useStartup,
  useStatus,
  useTrades,
} from './topics.ts';

const batch = new FrameBatch(nextFrame);

/** Keeps the stores up to date with the program, a batch a frame. */
export function followTopics(connection: HostConnection): Disposer {
  const { changed, heard } = useConnection.getState();
  changed(connection.state);
  const follow = <A extends Exclude<TopicAddress, `candles:${string}`>>(
    address: A,
    store: {
      getState(): { apply: (message: Parameters<Parameters<typeof connection.subscribe<A>>[1]>[0]) => void };
    },
  ): Disposer =>
    connection.subscribe(address, (message) =>
      batch.add(() => {
        heard(Date.now());
        store.getState().apply(message);
      }),
    );
  const disposers = [
    connection.onState(changed),
    follow('startup', useStartup),
    follow('status', useStatus),
    follow('portfolio', usePortfolio),
    follow('positions', usePositions),
    follow('orders', useOrders),
    follow('fills', useFills),
    follow('trades', useTrades),
    follow('decisions', useDecisions),
    follow('equity', useEquity),
    follow('alerts', useAlerts),
  ];
  return () => {
    for (const dispose of disposers) dispose();
  };
}

/** Follows one symbol's candles for as long as a chart shows them. */
export function followCandles(connection: HostConnection, symbol: string): Disposer {
  return connection.subscribe(`candles:${symbol}`, (message) =>
    batch.add(() => useCandles.getState().apply(symbol, message)),
  );
}
