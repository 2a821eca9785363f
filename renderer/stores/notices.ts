import { create } from 'zustand';

export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'error';
  readonly message: string;
}

interface Notices {
  readonly notices: readonly Notice[];
  readonly add: (tone: Notice['tone'], message: string) => void;
  readonly dismiss: (id: number) => void;
}

/** Notices that stay on the screen at the same time. */
const MOST = 4;

/** What went wrong or was done, until the trader dismisses it. The same words twice are one notice. */
export const useNotices = create<Notices>()((set) => ({
  notices: [],
  add: (tone, message) =>
    set(({ notices }) => {
      if (notices.some((notice) => notice.message === message)) return { notices };
      const id = (notices.at(-1)?.id ?? 0) + 1;
      return { notices: [...notices, { id, tone, message }].slice(-MOST) };
    }),
  dismiss: (id) => set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
}));
