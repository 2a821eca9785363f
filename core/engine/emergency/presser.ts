import type { StopOrigin } from '../../contract/index.ts';

/** Who presses the emergency stop by this way in. */
export function presserOf(from: StopOrigin): string {
  if (from === 'signed-request') return 'a signed request';
  return from === 'guardian' ? 'the guardian' : 'the trader';
}
