import { create } from 'zustand';
import type { ConnectionState } from '../host/index.ts';

interface ConnectionStore {
  readonly state: ConnectionState;
  /** UTC milliseconds of the last message from the program, by this machine's clock. */
  readonly lastHeardAt: number | null;
  readonly changed: (state: ConnectionState) => void;
  readonly heard: (at: number) => void;
}

/** Whether there is a line to the program, and since when it has been silent. */
export const useConnection = create<ConnectionStore>()((set, get) => ({
  state: { kind: 'connecting' },
  lastHeardAt: null,
  changed: (state) => set({ state }),
  heard: (at) => {
    // Once a second is enough for a label that shows seconds.
    const { lastHeardAt } = get();
    if (lastHeardAt === null || at - lastHeardAt >= 1_000) set({ lastHeardAt: at });
  },
}));
