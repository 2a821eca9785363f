import { describe, expect, it } from 'vitest';
import { SILENT_LOGGER, type StateStore } from '../../domain/index.ts';
import { MemoryStateStore } from '../../storage/index.ts';
import { Pause } from './pause.ts';

function pauseOf(state: StateStore = new MemoryStateStore()) {
  const faults: unknown[] = [];
  const log = { ...SILENT_LOGGER, warn: ({ fault }: { fault?: unknown }) => faults.push(fault) };
  return { pause: new Pause(state, log), faults };
}

describe('a pause', () => {
  it('begins when the trader says so, and outlives a restart until he resumes', () => {
    const state = new MemoryStateStore();
    for (const on of [false, true, false]) {
      pauseOf(state).pause.set(on);
      expect(pauseOf(state)).toMatchObject({ pause: { on }, faults: [] });
    }
    expect(pauseOf().pause.on).toBe(false);
  });

  it('is known from before documents had versions', () => {
    const state = new MemoryStateStore();
    state.write('paused', true);
    expect(pauseOf(state)).toMatchObject({ pause: { on: true }, faults: [] });
  });

  it('holds, and says so, when what was kept is damaged', () => {
    const state = new MemoryStateStore();
    state.write('paused', 'no');
    expect(pauseOf(state)).toMatchObject({
      pause: { on: true },
      faults: ['the stored paused cannot be used: it is damaged'],
    });
  });
});
