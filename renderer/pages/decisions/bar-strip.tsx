import { useEffect, useState } from 'react';
import type { CandleView, DecisionView } from '../../../core/contract/index.ts';
import { compact, price, signedPercent } from '../../format/index.ts';
import { useHost } from '../../program/host-context.ts';
import { candleShapes } from './candle-shapes.ts';

const BARS = 64;
const BOX = { width: 640, height: 96 } as const;

/** The bar that was decided on, and those before it. */
export function BarStrip({ decision: { symbol, barOpenTime } }: { readonly decision: DecisionView }) {
  const host = useHost();
  const [candles, setCandles] = useState<readonly CandleView[] | null>(null);
  useEffect(() => {
    let current = true;
    const load = async (): Promise<void> => {
      try {
        const found = await host.call('candles.history', { symbol, before: barOpenTime + 1, limit: BARS });
        if (current) setCandles(found.filter(({ openTime }) => openTime <= barOpenTime));
      } catch {
        // The strip is an extra: without it the dossier still says everything.
        if (current) setCandles([]);
      }
    };
    void load();
    return () => {
      current = false;
    };
  }, [host, symbol, barOpenTime]);
  if (candles !== null && candles.length === 0) return null;
  const bar = candles?.find(({ openTime }) => openTime === barOpenTime);
  return (
    <section className="bar-strip" aria-label="Bar">
      <svg
        viewBox={`0 0 ${BOX.width} ${BOX.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`The last ${BARS} bars`}
      >
        {candleShapes(candles ?? [], BOX).map(({ rose, wick, body, openTime }) => (
          <g key={openTime} className={rose ? 'up' : 'down'} data-decided={openTime === barOpenTime}>
            <rect {...wick} />
            <rect {...body} />
          </g>
        ))}
      </svg>
      {bar === undefined ? null : (
        <dl className="bar-numbers">
          {(['open', 'high', 'low', 'close'] as const).map((name) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="number">{price(bar[name])}</dd>
            </div>
          ))}
          <div>
            <dt>volume</dt>
            <dd className="number">{compact(bar.volume)}</dd>
          </div>
          <div>
            <dt>change</dt>
            <dd className={`number ${bar.close >= bar.open ? 'up' : 'down'}`}>
              {signedPercent((bar.close / bar.open - 1) * 100)}
            </dd>
          </div>
        </dl>
      )}
    </section>
  );
}
