import type { Timers } from '../../domain/index.ts';
import type { Instance } from '../installation/instances.ts';

/** What a program says of itself: by its note, or where that cannot be written by its service. */
export type ProgramSigns = Pick<Instance, 'beat' | 'killSwitch'>;
type Signs = NonNullable<ProgramSigns['killSwitch']>;

/**
 * `flat`: it has cancelled, closed and verified at the venue. `silent`: it hangs, or has ended. `opening`: it lives, and
 * has no way out yet. `unfinished`: it lives, and has not come to an end in time.
 */
export type ProgramVerdict =
  | { readonly kind: 'flat'; readonly left: readonly string[] }
  | { readonly kind: 'silent' | 'opening' }
  | { readonly kind: 'unfinished'; readonly failures: readonly string[] };

export interface ProgramWatchOptions {
  /** Undefined: it says nothing any more. */
  readonly look: () => Promise<ProgramSigns | undefined> | ProgramSigns | undefined;
  readonly timers: Timers;
  readonly onProgress: (line: string) => void;
}

/** A program that counts on every half second and has not for so long hangs. */
export const HANGS_AFTER_MS = 5_000;
/** So long a program may take to open before it is closed for it: it can do nothing meanwhile. */
const OPENS_WITHIN_MS = 10_000;
/** So long a program that lives is given to come to its verified end. */
const ENDS_WITHIN_MS = 90_000;
const LOOK_MS = 100;

/** Waits for what a program whose latch is set comes to. Never rejects but where looking does. */
export async function watchProgram({
  look,
  timers,
  onProgress,
}: ProgramWatchOptions): Promise<ProgramVerdict> {
  const began = timers.monotonicMs();
  let signs = await look();
  const before = signs?.killSwitch ?? null;
  let beatAt = began;
  let hasBeaten = false;
  let told = '';
  for (;;) {
    await timers.wait(LOOK_MS);
    const seen = await look();
    const now = timers.monotonicMs();
    if (seen !== undefined && seen.beat !== signs?.beat) {
      beatAt = now;
      hasBeaten = true;
    }
    signs = seen;
    if (now - beatAt >= HANGS_AFTER_MS) return { kind: 'silent' };
    const killSwitch = seen?.killSwitch ?? null;
    if (killSwitch === null) {
      if (now - began >= OPENS_WITHIN_MS) return { kind: 'opening' };
      continue;
    }
    const { stage, failures } = killSwitch;
    // What it said before the latch was set says nothing.
    if (hasBeaten && stage === 'flat' && isVerified(killSwitch, before))
      return { kind: 'flat', left: failures };
    const words = [stage, ...failures].join('; ');
    if (hasBeaten && stage !== 'armed' && words !== told) {
      onProgress(`the program says: ${words}`);
      told = words;
    }
    if (now - began >= ENDS_WITHIN_MS) {
      const unseen = stage === 'flat' ? ['it was flat, and has not seen the venue since'] : [];
      return { kind: 'unfinished', failures: [...failures, ...unseen] };
    }
  }
}

/** Whether the venue was looked at since then: what was flat long ago says nothing of this moment. */
function isVerified({ verifiedAt }: Signs, before: Signs | null): boolean {
  return verifiedAt === undefined || (verifiedAt !== null && verifiedAt !== before?.verifiedAt);
}
