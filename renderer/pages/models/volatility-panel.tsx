import type { VolatilityFigures, VolatilityView } from '../../../core/contract/index.ts';
import { date, dateTime, fixed, percent, signed } from '../../format/index.ts';
import { Badge, cellClass, Empty, Panel, Table } from '../../parts/index.ts';

const FORECAST_COLUMNS = [
  { title: 'Symbol' },
  { title: 'Ahead' },
  { title: 'Volatility', numeric: true },
  { title: '80 % between', numeric: true },
  { title: '95 % between', numeric: true, wide: true },
  { title: 'By' },
];

const RECORD_COLUMNS = [
  { title: 'Ahead' },
  { title: 'Of' },
  { title: 'QLIKE', numeric: true },
  { title: 'Log-RMSE', numeric: true, wide: true },
  { title: 'Over formula (95 %)', numeric: true },
  { title: 'Over ridge (95 %)', numeric: true },
  { title: 'Weight', numeric: true },
];

const NAMES: Readonly<Record<string, string>> = {
  ewma20: 'EWMA, 20 days',
  har: 'HAR per coin',
  pool: 'pool',
};
const EXPIRY_WARNING_DAYS = 60;

/** How much prices will move, what that was worth on what the models had not seen, and what it is worth now. */
export function VolatilityPanel({ view }: { readonly view: VolatilityView }) {
  const { set, message, forecasts, live } = view;
  return (
    <Panel title="Volatility ahead" className="volatility-panel" aside={<Expiry view={view} />}>
      <p className="soft volatility-note" data-testid="volatility-note">
        {set === null ? '' : `${set.setId}: how much prices will move, not where to; `}
        {message}.
      </p>
      {forecasts.length === 0 ? (
        <Empty title="Nothing is foretold yet">It takes 800 hourly bars of a symbol.</Empty>
      ) : (
        <Table label="Volatility foretold" columns={FORECAST_COLUMNS} testId="volatility">
          {forecasts.flatMap(({ symbol, at, horizons }) =>
            horizons.map(({ bars, sigma, low80, high80, low95, high95, used }) => (
              <tr key={`${symbol} ${bars}`} title={`made at ${dateTime(at)}`}>
                <td>{symbol}</td>
                <td>{aheadOf(bars)}</td>
                <td className={cellClass(true)}>{percent(sigma * 100, 2)}</td>
                <td className={cellClass(true)}>{rangeOf(low80, high80)}</td>
                <td className={cellClass(true, true)}>{rangeOf(low95, high95)}</td>
                <td>{used === 'pool' ? 'pool' : 'HAR'}</td>
              </tr>
            )),
          )}
        </Table>
      )}
      <p className="soft volatility-note" data-testid="volatility-live">
        {live.qlike === null || live.within80 === null
          ? `${live.waiting} forecasts of 24 h wait for what comes; none has come true yet.`
          : `Since in use: ${live.matured} forecasts of 24 h have come true, ${percent(live.within80 * 100, 0)} within their band of 80 %; QLIKE ${fixed(live.qlike.used, 3)}, the formula's ${fixed(live.qlike.formula, 3)}, EWMA's ${fixed(live.qlike.ewma20, 3)}.`}
      </p>
      {set === null ? null : (
        <>
          <p className="soft volatility-note">
            Walk-forward {date(set.walkForward.from)} to {date(set.walkForward.to)}, each half-year foretold
            by what was fitted before it. QLIKE: 0 is perfect. A gain counts when its interval, over blocks of
            days of all coins together, excludes 0; a model without one has no weight. {set.trials} lines in
            the log of trials. {set.limits}
          </p>
          <Table label="Walk-forward of volatility" columns={RECORD_COLUMNS} testId="volatility-record">
            {set.walkForward.horizons.flatMap(({ bars, figures }) =>
              figures.map((figure) => (
                <tr key={`${bars} ${figure.id}`}>
                  <td>{aheadOf(bars)}</td>
                  <td>{NAMES[figure.id] ?? figure.id}</td>
                  <td className={cellClass(true)}>{fixed(figure.qlike, 3)}</td>
                  <td className={cellClass(true, true)}>{fixed(figure.logRmse, 3)}</td>
                  <td className={cellClass(true)}>
                    {figure.id === 'formula' ? '–' : gainOf(figure.overFormula)}
                  </td>
                  <td className={cellClass(true)}>
                    {figure.id === 'ridge' ? '–' : gainOf(figure.overRidge)}
                  </td>
                  <td className={cellClass(true)}>{figure.weight === null ? '' : fixed(figure.weight, 2)}</td>
                </tr>
              )),
            )}
          </Table>
        </>
      )}
    </Panel>
  );
}

function Expiry({ view: { expiresInDays } }: { readonly view: VolatilityView }) {
  if (expiresInDays === null) return <Badge tone="warning">no set</Badge>;
  if (expiresInDays > EXPIRY_WARNING_DAYS) return <Badge tone="good">valid</Badge>;
  return (
    <Badge tone="warning" icon="warning">
      expires in {expiresInDays} days
    </Badge>
  );
}

function aheadOf(bars: number): string {
  return bars === 24 ? '24 h' : `${fixed(bars / 24, 0)} days`;
}

/** Log returns as per cent of the price. */
function rangeOf(low: number, high: number): string {
  return `${signed(100 * Math.expm1(low), 1)} … ${signed(100 * Math.expm1(high), 1)} %`;
}

function gainOf({ value, low, high }: VolatilityFigures['overFormula']): string {
  return `${signed(value, 3)} (${signed(low, 3)} … ${signed(high, 3)})`;
}
