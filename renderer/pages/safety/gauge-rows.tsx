import type { Gauge } from '../../../core/contract/index.ts';
import { fixed, NOTHING, percent } from '../../format/index.ts';

/** Each figure beside its limit, with how much of the way there is gone. */
export function GaugeRows({ gauges }: { readonly gauges: readonly Gauge[] }) {
  return (
    <dl className="safety-rows" data-testid="gauges">
      {gauges.map((gauge) => (
        <div key={gauge.name}>
          <dt>{gauge.name}</dt>
          <dd title={distanceText(gauge)}>
            <span className="number">{gauge.value === null ? NOTHING : gaugeText(gauge, gauge.value)}</span>
            <span className="soft">
              {' '}
              {gauge.kind === 'most' ? 'of' : 'floor'} {gaugeText(gauge, gauge.limit)}
              {sampleText(gauge)}
            </span>
            {gauge.kind === 'most' ? (
              <meter min={0} max={1} value={shareUsed(gauge)} aria-label={`${gauge.name}, used`} />
            ) : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function gaugeText({ unit }: Pick<Gauge, 'unit'>, value: number): string {
  if (unit === 'share') return percent(value * 100);
  return unit === 'count' ? String(value) : fixed(value, 2);
}

/** How much of the way to the limit is gone, 0 to 1. */
export function shareUsed({ value, limit }: Pick<Gauge, 'value' | 'limit'>): number {
  if (value === null) return 0;
  return limit > 0 ? Math.min(1, Math.max(0, value / limit)) : 1;
}

/** What is left until the limit. */
export function distanceText(gauge: Gauge): string {
  const { value, limit, kind } = gauge;
  if (value === null) return 'Not known yet';
  const left = kind === 'most' ? limit - value : value - limit;
  return left > 0 ? `${gaugeText(gauge, left)} to the limit` : 'At the limit';
}

/** A floor is not asked about before there are so many. */
function sampleText({ sample }: Gauge): string {
  if (sample === null || sample.have >= sample.needed) return '';
  return `, asked from ${sample.needed} on (${sample.have} so far)`;
}
