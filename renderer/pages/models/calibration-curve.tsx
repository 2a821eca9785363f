import type { CalibrationPoint, LiveCalibrationView } from '../../../core/contract/index.ts';
import { fixed } from '../../format/index.ts';

const SIZE = 220;
const MARGIN = 28;
const SPAN = SIZE - 2 * MARGIN;

interface CalibrationCurveProps {
  /** On held-out data. */
  readonly held: readonly CalibrationPoint[];
  readonly live: LiveCalibrationView;
}

/** Predicted against realised: on the diagonal, what it calls 30 % happens three times in ten. */
export function CalibrationCurve({ held, live }: CalibrationCurveProps) {
  const x = (share: number): number => MARGIN + share * SPAN;
  const y = (share: number): number => SIZE - MARGIN - share * SPAN;
  const path = (points: readonly CalibrationPoint[]): string =>
    points.map(({ predicted, realised }) => `${x(predicted)},${y(realised)}`).join(' ');
  return (
    <div className="calibration">
      <svg viewBox={`0 0 ${SIZE} ${SIZE}`} role="img">
        <title>Predicted against realised probability</title>
        {[0, 0.5, 1].map((share) => (
          <g key={share} className="calibration-grid">
            <line x1={x(share)} y1={y(0)} x2={x(share)} y2={y(1)} />
            <line x1={x(0)} y1={y(share)} x2={x(1)} y2={y(share)} />
            <text x={x(share)} y={SIZE - 12} textAnchor="middle">
              {share * 100}
            </text>
            <text x={MARGIN - 6} y={y(share) + 3} textAnchor="end">
              {share * 100}
            </text>
          </g>
        ))}
        <line className="calibration-ideal" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
        <polyline className="calibration-held" points={path(held)} />
        {held.map((point) => (
          <circle
            key={point.predicted}
            className="calibration-held"
            cx={x(point.predicted)}
            cy={y(point.realised)}
            r={2.5}
          >
            <title>
              {`${fixed(point.predicted * 100, 1)} % predicted, ${fixed(point.realised * 100, 1)} % realised, ${point.samples} samples`}
            </title>
          </circle>
        ))}
        <polyline className="calibration-live" points={path(live.curve)} />
      </svg>
      <dl className="calibration-legend">
        <div>
          <dt className="calibration-key-held">Held-out data</dt>
          <dd className="number">
            {fixed(
              held.reduce((sum, { samples }) => sum + samples, 0),
              0,
            )}
          </dd>
        </div>
        <div>
          <dt className="calibration-key-live">Since it votes here</dt>
          <dd className="number">
            {live.matured} of {live.predictions} known
          </dd>
        </div>
        <div>
          <dt>Log-loss here</dt>
          <dd className="number">
            {live.logLoss === null || live.priorLogLoss === null
              ? 'too few'
              : `${fixed(live.logLoss, 3)} (prior ${fixed(live.priorLogLoss, 3)})`}
          </dd>
        </div>
      </dl>
    </div>
  );
}
