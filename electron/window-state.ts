import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeWhole } from '../core/platform/index.ts';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const WindowStateSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(400),
  height: z.number().int().min(300),
  maximised: z.boolean(),
});
export type WindowState = z.infer<typeof WindowStateSchema>;

const DEFAULT_SIZE = { width: 1440, height: 900 } as const;
/** So much of the window's title bar must lie on some display, or it could not be grabbed. */
const VISIBLE_PIXELS = 100;
const TITLE_BAR_HEIGHT = 30;

/** Where the window was, if that still lies on a display; else centred on the first one. */
export function restoreWindowState(file: string, displays: readonly Rectangle[]): WindowState {
  const stored = readState(file);
  if (stored !== undefined && displays.some((display) => isGrabbable(stored, display))) return stored;
  const [first] = displays;
  if (first === undefined) return { x: 0, y: 0, ...DEFAULT_SIZE, maximised: false };
  const width = Math.min(DEFAULT_SIZE.width, first.width);
  const height = Math.min(DEFAULT_SIZE.height, first.height);
  const x = first.x + Math.round((first.width - width) / 2);
  const y = first.y + Math.round((first.height - height) / 2);
  return { x, y, width, height, maximised: false };
}

/** Written whole or not at all. Losing it costs nothing, so a failure is the caller's to log. */
export function saveWindowState(file: string, state: WindowState): void {
  writeWhole(file, JSON.stringify(state), { isFlushed: false, isPatient: false });
}

function readState(file: string): WindowState | undefined {
  try {
    return WindowStateSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    // No state, or a broken one: the default is as good.
    return undefined;
  }
}

function isGrabbable(window: Rectangle, display: Rectangle): boolean {
  const width = Math.min(window.x + window.width, display.x + display.width) - Math.max(window.x, display.x);
  const top = window.y - display.y;
  return width >= VISIBLE_PIXELS && top >= -TITLE_BAR_HEIGHT / 2 && top <= display.height - TITLE_BAR_HEIGHT;
}
