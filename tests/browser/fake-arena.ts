import type { ContenderView, PortfolioView } from '../../core/contract/index.ts';

const START = Date.UTC(2025, 0, 6);

/** A made-up arena around the made-up account. */
export function fakeContenders(account: PortfolioView, inUse: string): ContenderView[] {
  const rival = (name: string, change: Partial<ContenderView>): ContenderView => ({
    name,
    active: false,
    strategy: 'ensemble',
    analysts: 'rules',
    since: START,
    bars: 2_700,
    equity: '9870.12',
    returnPct: -1.2988,
    maxDrawdownPct: 4.2,
    fees: '31.20',
    trades: 12,
    winRate: { value: null, sampleSize: 12 },
    sharpe: { value: -0.31, sampleSize: 37 },
    llmCostUsd: 0,
    agreement: 0.82,
    problem: null,
    ...change,
  });
  const { equity, returnPct, maxDrawdownPct, fees, trades, winRate, sharpe } = account;
  const figures = { equity, returnPct, maxDrawdownPct, fees, trades, winRate, sharpe };
  const nothing = { equity: null, returnPct: null, maxDrawdownPct: null, fees: null, since: null };
  const none = { value: null, sampleSize: 0 };
  const lineUps = [
    rival('settings', { ...nothing, bars: 0, trades: 0, winRate: none, sharpe: none, agreement: null }),
    rival('rules', { strategy: 'rules' }),
    rival('models', {
      strategy: 'ml',
      analysts: 'off',
      returnPct: 2.31,
      equity: '10231.00',
      agreement: 0.64,
    }),
    rival('debate', { analysts: 'llm', llmCostUsd: 0.4217 }),
    rival('stuck', { problem: 'its ledger cannot be written: the disk is full', bars: 41 }),
  ];
  return lineUps
    .map((each) =>
      each.name === inUse
        ? { ...each, ...figures, active: true, since: START, bars: 2_700, agreement: 1 }
        : each,
    )
    .sort((a, b) => Number(b.active) - Number(a.active));
}
