import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Rectangle, restoreWindowState, saveWindowState } from './window-state.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-window-'));
  file = join(folder, 'window.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const LAPTOP: Rectangle = { x: 0, y: 25, width: 1920, height: 1055 };
const SECOND: Rectangle = { x: 1920, y: 0, width: 2560, height: 1440 };
const CENTRED = { x: 240, y: 103, width: 1440, height: 900, maximised: false };

describe('the window state', () => {
  it('comes back as it was saved, leaving nothing else behind', () => {
    const state = { x: 100, y: 50, width: 1200, height: 800, maximised: true };
    saveWindowState(file, state);
    expect(restoreWindowState(file, [LAPTOP])).toEqual(state);
    expect(readdirSync(folder)).toEqual(['window.json']);
  });

  it('is centred on the first display at the first start', () => {
    expect(existsSync(file)).toBe(false);
    expect(restoreWindowState(file, [LAPTOP, SECOND])).toEqual(CENTRED);
  });

  it('fits a display smaller than the usual size', () => {
    const small = { x: 0, y: 0, width: 1024, height: 700 };
    expect(restoreWindowState(file, [small])).toEqual({ ...small, maximised: false });
  });

  it('has the usual size where no display is known', () => {
    expect(restoreWindowState(file, [])).toEqual({ x: 0, y: 0, width: 1440, height: 900, maximised: false });
  });

  it.each([
    ['on the second display', { x: 2000, y: 100 }, true],
    ['half off to the right', { x: 1800, y: 100 }, true],
    ['half off below', { x: 100, y: 1000 }, true],
    ['a little above the work area', { x: 100, y: 12 }, true],
    ['on a display that is gone', { x: -2000, y: 100 }, false],
    ['with its title bar above every display', { x: 100, y: -500 }, false],
    ['below every display', { x: 100, y: 1079 }, false],
    ['with too little left to grab', { x: -1150, y: 100 }, false],
  ])('%s is restored: %#', (_where, corner, kept) => {
    const displays = corner.x === 2000 ? [LAPTOP, SECOND] : [LAPTOP];
    const state = { ...corner, width: 1200, height: 800, maximised: false };
    saveWindowState(file, state);
    expect(restoreWindowState(file, displays)).toEqual(kept ? state : CENTRED);
  });

  it.each([
    ['cut off', '{"x":1'],
    ['empty', ''],
    ['of another shape', '{"left":1}'],
    ['too small to see', '{"x":0,"y":100,"width":1,"height":1,"maximised":false}'],
    ['of no numbers', '{"x":null,"y":100,"width":"1e9","height":900,"maximised":false}'],
  ])('in a file %s is ignored', (_fault, text) => {
    writeFileSync(file, text);
    expect(restoreWindowState(file, [LAPTOP])).toEqual(CENTRED);
  });
});
