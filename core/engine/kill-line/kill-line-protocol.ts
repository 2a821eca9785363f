import type { Release } from './kill-answers.ts';

/** Between the program and the thread that listens for signed requests. */

export interface KillLineData {
  readonly directory: string;
  readonly secret: string;
  readonly port: number;
}

export type FromKillLine =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'failed'; readonly code: string }
  /** The latch is set. */
  | { readonly kind: 'engaged' }
  | { readonly kind: 'release'; readonly id: number };

export interface ToKillLine {
  readonly id: number;
  readonly release: Release;
}

export const SIGNED_REASON = 'a signed request';
