import { useEffect, useRef, useState } from 'react';
import { PriceChart, type Reading } from '../../chart/index.ts';
import { MODE_WORDS, STAKES, timeframeMs } from '../../format/index.ts';
import type { HostConnection } from '../../host/index.ts';
import { Empty, Icon } from '../../parts/index.ts';
import { useStale } from '../../program/freshness.ts';
import { useHost } from '../../program/host-context.ts';
import {
  followCandles,
  onAppearanceChange,
  useCandles,
  useFills,
  useNotices,
  usePositions,
  usePreferences,
  useStatus,
} from '../../stores/index.ts';
import { ChartLegend } from './chart-legend.tsx';

/** Candles asked for at a time when the trader scrolls to the beginning. */
const HISTORY_PAGE = 1_000;

/** The chart of one symbol. */
export function ChartPanel({ symbol }: { readonly symbol: string }) {
  const host = useHost();
  const stale = useStale(symbol);
  const container = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<PriceChart | null>(null);
  const [reading, setReading] = useState<Reading | null>(null);
  const series = useCandles(({ bySymbol }) => bySymbol[symbol]);
  const timeframe = useStatus(({ content }) => content?.timeframe);

  useEffect(() => followCandles(host, symbol), [host, symbol]);
  useEffect(() => {
    if (container.current === null) return;
    const made = new PriceChart(container.current, {
      onReading: setReading,
      onNearStart: () => void loadOlder(host, symbol),
    });
    setChart(made);
    return () => {
      setChart(null);
      made.dispose();
    };
  }, [host, symbol]);
  useEffect(() => {
    if (series !== undefined) chart?.setCandles(series.candles);
  }, [chart, series]);
  useChartSurroundings(chart, symbol);

  const bars = series?.candles.length ?? 0;
  return (
    <section className="chart-panel panel" id="chart-panel" aria-label={`${symbol} chart`} data-stale={stale}>
      <header className="chart-head">
        <ChartLegend symbol={symbol} timeframe={timeframe} reading={reading} />
        <div className="chart-tools">
          {series?.history === 'loading' ? <span className="quiet">Loading older candles…</span> : null}
          {stale ? (
            <span className="stale-label">
              <Icon name="warning" size={12} /> Not live
            </span>
          ) : null}
          <button
            type="button"
            className="icon-button"
            aria-label="Go to the latest bar"
            title="Latest bar"
            onClick={() => chart?.showLatest()}
          >
            <Icon name="latest" />
          </button>
        </div>
      </header>
      <div className="chart" data-testid="chart" data-bars={bars} ref={container} />
      {bars === 0 ? (
        <div className="chart-empty">
          <Empty title={`No candles of ${symbol} yet`}>
            They appear with the first message of the market feed.
          </Empty>
        </div>
      ) : null}
    </section>
  );
}

/** Tells the chart of everything that is not candles. */
function useChartSurroundings(chart: PriceChart | null, symbol: string): void {
  const fills = useFills(({ content }) => content);
  const position = usePositions(({ content }) => content?.find((each) => each.symbol === symbol));
  const timeframe = useStatus(({ content }) => content?.timeframe);
  const mode = useStatus(({ content }) => content?.mode);
  const overlays = usePreferences((preferences) => preferences.overlays);

  useEffect(() => {
    if (chart === null || fills === null || timeframe === undefined) return;
    chart.setFills(
      fills.filter((fill) => fill.symbol === symbol),
      timeframeMs(timeframe),
    );
  }, [chart, fills, symbol, timeframe]);
  useEffect(() => chart?.setPosition(position), [chart, position]);
  useEffect(() => chart?.setOverlays(overlays), [chart, overlays]);
  useEffect(() => {
    if (mode !== undefined) chart?.setWatermark(STAKES[mode] === 'live' ? '' : MODE_WORDS[mode].name);
  }, [chart, mode]);
  useEffect(() => (chart === null ? undefined : onAppearanceChange(() => chart.recolour())), [chart]);
}

async function loadOlder(host: HostConnection, symbol: string): Promise<void> {
  const { beginHistory, endHistory, bySymbol } = useCandles.getState();
  if (!beginHistory(symbol)) return;
  try {
    const before = bySymbol[symbol]?.candles[0]?.openTime;
    endHistory(symbol, await host.call('candles.history', { symbol, before, limit: HISTORY_PAGE }));
  } catch (error) {
    endHistory(symbol, null);
    useNotices.getState().add('error', `Older candles of ${symbol} could not be loaded: ${String(error)}`);
  }
}
