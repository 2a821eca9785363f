import { beforeEach, expect, it, vi } from 'vitest';
import type { AlertView } from '../core/contract/index.ts';
import { FakeContractService } from '../tests/contracts/fake-contract-service.ts';

const system = await vi.hoisted(async () => {
  const { EventEmitter } = await import('node:events');
  const told: { readonly title: string; readonly urgency: string; emit(name: string): boolean }[] = [];
  class Notification extends EventEmitter {
    static isSupported = (): boolean => system.isSupported;
    readonly title: string;
    readonly urgency: string;

    constructor({ title, urgency }: { title: string; urgency: string }) {
      super();
      this.title = title;
      this.urgency = urgency;
    }

    show(): void {
      told.push(this);
    }
  }
  return { told, isSupported: true, Notification };
});
vi.mock('electron', () => system);

const { notifyOfAlerts } = await import('./notifications.ts');

beforeEach(() => {
  system.told.length = 0;
  system.isSupported = true;
});

function scene(isLooking: boolean) {
  const service = new FakeContractService();
  const tell = (severity: AlertView['severity'], acknowledged: AlertView['acknowledged'] = null): void => {
    service.hub.upsert('alerts', 'alerts', [
      { id: severity, time: 1, severity, rule: 'program', title: severity, message: '', acknowledged },
    ]);
    service.hub.flush();
  };
  tell('critical');
  let shows = 0;
  const dispose = notifyOfAlerts({ service, isLooking: () => isLooking, show: () => (shows += 1) });
  return { tell, dispose, shows: () => shows };
}

it.each([
  [false, ['warning', 'critical']],
  [true, ['critical']],
])(
  'while the trader looks at the window (%s) the system shows %j, and nothing old',
  (isLooking, expected) => {
    const { tell, dispose } = scene(isLooking);
    for (const severity of ['info', 'warning', 'critical'] as const) tell(severity);
    expect(system.told.map(({ title }) => title)).toEqual(expected);
    expect(system.told.at(-1)?.urgency).toBe('critical');
    dispose();
    tell('critical');
    expect(system.told).toHaveLength(expected.length);
  },
);

it('a click brings the window', () => {
  const { tell, shows } = scene(false);
  tell('critical');
  system.told[0]?.emit('click');
  system.told[0]?.emit('close');
  expect(shows()).toBe(1);
});

it('a system without notifications is asked for none', () => {
  system.isSupported = false;
  const { tell } = scene(false);
  tell('critical');
  expect(system.told).toEqual([]);
});
