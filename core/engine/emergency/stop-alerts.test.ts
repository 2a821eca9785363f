import { describe, expect, it } from 'vitest';
import { StopAlerts } from './stop-alerts.ts';

const ARMED = { engaged: false, at: null, reason: null, stage: 'armed', failures: [] } as const;
const CALM = {
  breaker: { tripped: false, reason: null, until: null },
  killSwitch: { ...ARMED, failures: [] },
};
const TRIPPED = { ...CALM, breaker: { tripped: true, reason: 'five losses in a row', until: 9 } };
const KILLED = {
  ...CALM,
  killSwitch: { ...CALM.killSwitch, engaged: true, reason: 'pressed by the trader' },
};

function told() {
  const lines: string[] = [];
  const ended: string[] = [];
  const alerts = new StopAlerts({
    raise: (_severity, _title, message) => void lines.push(message),
    over: (key) => void ended.push(key),
  });
  return { alerts, lines, ended };
}

describe('what stops entries', () => {
  it('is told once, however often it is looked at', () => {
    const { alerts, lines } = told();
    for (const status of [CALM, TRIPPED, TRIPPED, TRIPPED]) alerts.look(status);
    expect(lines).toEqual(['Circuit breaker: five losses in a row']);
  });

  it('is told again when it begins again', () => {
    const { alerts, lines } = told();
    for (const status of [KILLED, CALM, KILLED]) alerts.look(status);
    expect(lines).toEqual(Array(2).fill('Kill switch engaged: pressed by the trader'));
  });

  it('is not told again when the latch is gone and with it the reason, before entries are free', () => {
    const { alerts, lines, ended } = told();
    const released = { ...CALM, killSwitch: { ...CALM.killSwitch, engaged: true } };
    for (const status of [KILLED, released, CALM]) alerts.look(status);
    expect(lines).toEqual(['Kill switch engaged: pressed by the trader']);
    // Nobody is reminded of it any more.
    expect(ended).toEqual(['kill switch']);
  });

  it('is told each when there are two', () => {
    const { alerts, lines } = told();
    alerts.look({ ...TRIPPED, killSwitch: KILLED.killSwitch });
    expect(lines).toHaveLength(2);
  });
});
