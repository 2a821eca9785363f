import type { DrillView } from '../../../core/contract/index.ts';

export interface DrillLine {
  readonly step: string;
  readonly fromMs: number;
  /** The last of several; the same as the first of one. */
  readonly toMs: number;
}

const AT_THE_VENUE = /^the venue: \S+ \S+ (\w+)$/;
const SAME: Readonly<Record<string, readonly [one: string, more: string]>> = {
  CANCELED: ['order cancelled', 'orders cancelled'],
  FILLED: ['position closed', 'positions closed'],
};

/** The steps with what the venue did together: twenty orders are one line. */
export function drillLines(steps: DrillView['steps']): readonly DrillLine[] {
  const lines: { kind: string | null; step: string; count: number; fromMs: number; toMs: number }[] = [];
  for (const { step, atMs } of steps) {
    const status = AT_THE_VENUE.exec(step)?.[1];
    const kind = status !== undefined && Object.hasOwn(SAME, status) ? status : null;
    const last = lines.at(-1);
    if (kind !== null && last?.kind === kind) {
      last.count += 1;
      last.toMs = atMs;
    } else lines.push({ kind, step, count: 1, fromMs: atMs, toMs: atMs });
  }
  return lines.map(({ kind, step, count, fromMs, toMs }) => ({
    step: kind === null ? step : `${count} ${SAME[kind]?.[count === 1 ? 0 : 1] ?? kind}`,
    fromMs,
    toMs,
  }));
}
