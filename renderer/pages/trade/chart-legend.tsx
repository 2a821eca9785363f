import { OVERLAY_IDS, type Reading } from '../../chart/index.ts';
import { compact, fixed, price, shortTime, signedPercent } from '../../format/index.ts';

interface ChartLegendProps {
  readonly symbol: string;
  readonly timeframe: string | undefined;
  readonly reading: Reading | null;
}

/** The numbers of the bar under the crosshair, or of the last one. */
export function ChartLegend({ symbol, timeframe, reading }: ChartLegendProps) {
  return (
    <div className="chart-legend">
      <span className="chart-title">
        {symbol} <span className="soft">{timeframe}</span>
      </span>
      {reading === null ? null : <Numbers reading={reading} />}
    </div>
  );
}

function Numbers({ reading: { candle, rsi, overlays } }: { readonly reading: Reading }) {
  const { open, high, low, close, volume, openTime } = candle;
  const tone = close >= open ? 'up' : 'down';
  return (
    <>
      <span className="number quiet">{shortTime(openTime)}</span>
      {(['open', 'high', 'low', 'close'] as const).map((name) => (
        <span key={name} className="chart-number">
          <span className="quiet">{name.charAt(0).toUpperCase()}</span>{' '}
          <span className={`number ${tone}`}>{price({ open, high, low, close }[name])}</span>
        </span>
      ))}
      <span className={`number ${tone}`}>{signedPercent((close / open - 1) * 100)}</span>
      <span className="chart-number">
        <span className="quiet">Vol</span> <span className="number">{compact(volume)}</span>
      </span>
      {rsi === undefined ? null : (
        <span className="chart-number">
          <span className="quiet">RSI 14</span> <span className="number overlay-text-4">{fixed(rsi, 1)}</span>
        </span>
      )}
      {overlays.map(({ id, values }) => (
        <span key={id} className={`number chart-overlay overlay-text-${OVERLAY_IDS.indexOf(id) + 1}`}>
          {values.map((value) => (value === undefined ? '' : price(value))).join(' ')}
        </span>
      ))}
    </>
  );
}
