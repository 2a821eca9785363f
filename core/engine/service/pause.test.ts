import { describe, expect, it } from 'vitest';
import type { PauseView } from '../../contract/index.ts';
import { SILENT_LOGGER, type StateStore } from '../../domain/index.ts';
import { MemoryStateStore } from '../../storage/index.ts';
import { Pause } from './pause.ts';

function pauseOf(state: StateStore = new MemoryStateStore()) {
  const faults: unknown[] = [];
  const log = { ...SILENT_LOGGER, warn: ({ fault }: { fault?: unknown }) => faults.push(fault) };
  return { pause: new Pause(state, log), faults };
}

const BY_HAND: PauseView = { at: 1_000, by: 'the trader', from: 'command-line', reason: 'news at two' };

describe('a pause', () => {
  it('begins when the trader says so, and outlives a restart with who and why until he resumes', () => {
    const state = new MemoryStateStore();
    for (const pause of [null, BY_HAND, null]) {
      pauseOf(state).pause.set(pause);
      const next = pauseOf(state);
      expect(next).toMatchObject({ pause: { on: pause !== null }, faults: [] });
      expect(next.pause.state).toEqual(pause);
    }
    expect(pauseOf().pause.on).toBe(false);
  });

  it.each([
    ['before documents had versions', true],
    ['before it said who and why', { documentVersion: 1, value: true }],
  ])('is known from %s', (_when, stored) => {
    const state = new MemoryStateStore();
    state.write('paused', stored);
    expect(pauseOf(state)).toMatchObject({ pause: { on: true, state: { reason: null } }, faults: [] });
  });

  it('that was over is over, from before it said who and why', () => {
    const state = new MemoryStateStore();
    state.write('paused', { documentVersion: 1, value: false });
    expect(pauseOf(state)).toMatchObject({ pause: { on: false }, faults: [] });
  });

  it.each(['no', { documentVersion: 2, value: { by: 'somebody' } }])(
    'holds, and says so, when what was kept is damaged: %j',
    (stored) => {
      const state = new MemoryStateStore();
      state.write('paused', stored);
      const fault = 'the stored paused cannot be used: it is damaged';
      expect(pauseOf(state)).toMatchObject({
        pause: { on: true, state: { reason: fault } },
        faults: [fault],
      });
    },
  );
});
