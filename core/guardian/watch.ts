/** Without a sign of life for so long, in which the guardian itself ran, a program is taken for dead. */
export const SILENT_FOR_MS = 15_000;
/** Before what could not be closed is tried again; each time twice as long. */
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 300_000;
/** About a day of trying. */
const MOST_TRIES = 288;

/** What the guardian knows of the program that it watches. */
export interface Watch {
  readonly stage: WatchStage;
  /** The program has ended: it can say nothing any more, be it good or bad. */
  readonly isGone: boolean;
}

export type WatchStage =
  | { readonly kind: 'watching'; readonly silentMs: number }
  /** Whether anything is open: only then there is something to do. */
  | { readonly kind: 'looking' }
  | { readonly kind: 'closing'; readonly tries: number; readonly thenLeaves: boolean }
  /** Something is not closed yet. */
  | { readonly kind: 'failed'; readonly tries: number; readonly againInMs: number }
  /** Everything is closed, and the program has not woken. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'left' };

export type WatchEvent =
  /** Time went by, in which the guardian ran; null: it did not, or nobody can say. */
  | { readonly kind: 'time'; readonly ranMs: number | null }
  | { readonly kind: 'beat' }
  /** The program's process is gone, without a word. */
  | { readonly kind: 'gone' }
  /** The trader ends the program, another one has taken its place, or its directory is no more. */
  | { readonly kind: 'relieved' }
  | { readonly kind: 'looked'; readonly found: 'open' | 'flat' | 'unknown' }
  | { readonly kind: 'closed'; readonly isFlat: boolean };

/** What is to be done now; null: nothing. */
export type WatchDeed = 'look' | 'close' | 'ask-reconciliation' | 'leave' | null;

export interface WatchStep {
  readonly watch: Watch;
  readonly deed: WatchDeed;
}

export const FIRST_WATCH: Watch = { stage: { kind: 'watching', silentMs: 0 }, isGone: false };

/** What the guardian makes of what happens. Pure: it knows no clock, no process and no venue. */
export function watched(watch: Watch, event: WatchEvent): WatchStep {
  switch (event.kind) {
    case 'time':
      return event.ranMs === null ? afterPause(watch) : afterTime(watch, event.ranMs);
    case 'beat':
      return afterBeat(watch);
    case 'gone':
      return watch.stage.kind === 'closed' ? left(watch) : rest({ ...watch, isGone: true });
    case 'relieved':
      return afterRelief(watch);
    case 'looked':
      return afterLook(watch, event.found);
    case 'closed':
      return afterClose(watch, event.isFlat);
  }
}

function afterTime(watch: Watch, ranMs: number): WatchStep {
  const { stage } = watch;
  if (stage.kind === 'watching') {
    const silentMs = stage.silentMs + ranMs;
    return silentMs < SILENT_FOR_MS
      ? rest(at(watch, { kind: 'watching', silentMs }))
      : { watch: at(watch, { kind: 'looking' }), deed: 'look' };
  }
  if (stage.kind !== 'failed') return rest(watch);
  const againInMs = stage.againInMs - ranMs;
  return againInMs > 0 ? rest(at(watch, { ...stage, againInMs })) : closing(watch, stage.tries);
}

/** What was silent may have stood still with the guardian: it is counted anew, and what was missed is compared. */
function afterPause(watch: Watch): WatchStep {
  const { kind } = watch.stage;
  const isWatching = kind === 'watching' || kind === 'looking';
  return isWatching ? { watch: afresh(watch), deed: 'ask-reconciliation' } : rest(watch);
}

/** A program that lives finds the latch by itself, and closes what is left. */
function afterBeat(watch: Watch): WatchStep {
  const { kind } = watch.stage;
  return rest(kind === 'closing' || kind === 'left' ? watch : afresh(watch));
}

/** What is being closed at this moment is closed to its end first. */
function afterRelief(watch: Watch): WatchStep {
  const { stage } = watch;
  return stage.kind === 'closing' ? rest(at(watch, { ...stage, thenLeaves: true })) : left(watch);
}

/** What cannot be told may be open. Of a program that hangs it is looked at again: what it wrote last may be on its way. */
function afterLook(watch: Watch, found: 'open' | 'flat' | 'unknown'): WatchStep {
  if (watch.stage.kind !== 'looking') return rest(watch);
  if (found !== 'flat') return closing(watch, 0);
  return watch.isGone ? left(watch) : rest(afresh(watch));
}

function afterClose(watch: Watch, isFlat: boolean): WatchStep {
  const { stage, isGone } = watch;
  if (stage.kind !== 'closing') return rest(watch);
  const tries = stage.tries + 1;
  const isOver = isFlat ? isGone : tries === MOST_TRIES;
  if (stage.thenLeaves || isOver) return left(watch);
  if (isFlat) return rest(at(watch, { kind: 'closed' }));
  const againInMs = Math.min(FIRST_RETRY_MS * 2 ** stage.tries, LONGEST_RETRY_MS);
  return rest(at(watch, { kind: 'failed', tries, againInMs }));
}

const at = (watch: Watch, stage: WatchStage): Watch => ({ ...watch, stage });
const afresh = (watch: Watch): Watch => at(watch, FIRST_WATCH.stage);
const rest = (watch: Watch): WatchStep => ({ watch, deed: null });
const left = (watch: Watch): WatchStep => ({ watch: at(watch, { kind: 'left' }), deed: 'leave' });

function closing(watch: Watch, tries: number): WatchStep {
  return { watch: at(watch, { kind: 'closing', tries, thenLeaves: false }), deed: 'close' };
}
