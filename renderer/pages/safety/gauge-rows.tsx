import { type Gauge, limitText } from '../../../core/contract/index.ts';
import { fixed, NOTHING, percent } from '../../format/index.ts';

interface GaugeRowsProps {
  readonly gauges: readonly Gauge[];
  readonly onChange: (gauge: Gauge) => void;
}

/** Each figure beside its limit, with how far it is from it, and the way to another limit. */
export function GaugeRows({ gauges, onChange }: GaugeRowsProps) {
  return (
    <dl className="gauge-rows" data-testid="gauges">
      {gauges.map((gauge) => (
        <div key={gauge.setting} data-testid={`gauge-${gauge.setting}`}>
          <dt>
            {gauge.name}
            {gauge.detail === null ? null : (
              <span className="gauge-detail quiet" title={gauge.detail}>
                {gauge.detail}
              </span>
            )}
          </dt>
          <dd className="gauge-value">
            {gauge.kind === 'set' ? null : (
              <span className="number">{gauge.value === null ? NOTHING : gaugeText(gauge, gauge.value)}</span>
            )}
            <span className="number soft">
              {' '}
              {limitWord(gauge)}
              {limitText(gauge.setting, gauge.limit)}
            </span>
          </dd>
          <dd className="gauge-meter">
            {gauge.kind === 'most' && gauge.limit !== null ? (
              <meter min={0} max={1} value={shareUsed(gauge)} aria-label={`${gauge.name}, used`} />
            ) : null}
          </dd>
          <dd className="gauge-distance soft">{distanceText(gauge)}</dd>
          <dd className="gauge-action">
            <button
              type="button"
              className="button button-small"
              aria-label={`Change the limit: ${gauge.name}`}
              onClick={() => onChange(gauge)}
            >
              Change…
            </button>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function limitWord({ kind, limit }: Pick<Gauge, 'kind' | 'limit'>): string {
  if (kind === 'set' || limit === null) return '';
  return kind === 'most' ? 'of ' : 'floor ';
}

export function gaugeText({ unit }: Pick<Gauge, 'unit'>, value: number): string {
  if (unit === 'share') return percent(value * 100);
  return unit === 'count' ? String(value) : fixed(value, 2);
}

/** How much of the way to the limit is gone, 0 to 1. */
export function shareUsed({ value, limit }: Pick<Gauge, 'value' | 'limit'>): number {
  if (value === null || limit === null) return 0;
  return limit > 0 ? Math.min(1, Math.max(0, value / limit)) : 1;
}

/** What is left until the limit, or what is missing to judge by it. */
export function distanceText(gauge: Gauge): string {
  const { value, limit, kind, sample } = gauge;
  if (kind === 'set' || limit === null) return '';
  if (sample !== null && sample.have < sample.needed)
    return `asked from ${sample.needed} on (${sample.have} so far)`;
  if (value === null) return 'not known yet';
  const left = kind === 'most' ? limit - value : value - limit;
  if (left === 0) return 'at the limit';
  return left > 0
    ? `${gaugeText(gauge, left)} left`
    : `${gaugeText(gauge, -left)} ${kind === 'most' ? 'over' : 'under'}`;
}
