import type { StopOrigin } from '../../contract/index.ts';

const OTHERS: Readonly<Partial<Record<StopOrigin, string>>> = {
  'command-line': 'tradebot kill',
  'signed-request': 'a signed request',
  telegram: 'the Telegram chat',
  guardian: 'the guardian',
};

/** Who presses the emergency stop by this way in. */
export function presserOf(from: StopOrigin): string {
  return OTHERS[from] ?? 'the trader';
}
