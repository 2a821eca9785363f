import { direction, signedMoney, signedPercent } from '../format/index.ts';
import { Icon } from './icon.tsx';

const LOOKS = {
  '-1': { className: 'down', icon: 'down' },
  0: { className: 'soft', icon: 'flat' },
  1: { className: 'up', icon: 'up' },
} as const;

interface DeltaProps {
  /** Decimal text in quote currency. */
  readonly amount: string;
  /** Of the currency's; see `moneyDecimals`. */
  readonly decimals?: number;
  /** In percent. */
  readonly pct?: number | undefined;
  readonly icon?: boolean;
  readonly testId?: string;
}

/** A gain or a loss: sign and colour, and an arrow where there is room. */
export function Delta({ amount, decimals = 2, pct, icon = false, testId }: DeltaProps) {
  const look = LOOKS[direction(amount, decimals)];
  return (
    <span className={`delta number ${look.className}`} data-testid={testId}>
      {icon ? <Icon name={look.icon} size={12} /> : null}
      {signedMoney(amount, decimals)}
      {pct === undefined ? null : <span className="delta-pct">{signedPercent(pct)}</span>}
    </span>
  );
}

/** A change in percent: sign and colour. */
export function PercentDelta({ pct }: { readonly pct: number }) {
  return <span className={`number ${LOOKS[direction(pct)].className}`}>{signedPercent(pct)}</span>;
}
