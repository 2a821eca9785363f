#!/usr/bin/env node
import './check-node.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../tests/browser/chromium.ts';

/** Draws the PNG icons in `resources/` from `icon.svg`: the application's at 1024 px, the tray's at 32 px. */

const RESOURCES = join(dirname(fileURLToPath(import.meta.url)), '..', 'resources');
const TRAY_COLOURS = { running: '#4c8dff', paused: '#9aa3b2', halted: '#ff4d5e' };

const svg = readFileSync(join(RESOURCES, 'icon.svg'), 'utf8');
const browser = await launchChromium();
try {
  await draw(svg, 1024, join(RESOURCES, 'icon.png'));
  for (const [state, colour] of Object.entries(TRAY_COLOURS)) {
    await draw(traySvg(colour), 32, join(RESOURCES, 'tray', `${state}.png`));
    await draw(traySvg(colour), 64, join(RESOURCES, 'tray', `${state}@2x.png`));
  }
} finally {
  await browser.close();
}

/** The three candles alone, thicker, in one colour: readable at 16 px on light and dark bars. */
function traySvg(colour) {
  const candle = (x, wickTop, wickBottom, top, height) =>
    `<path d="M${x} ${wickTop}V${wickBottom}" stroke="${colour}" stroke-width="3" stroke-linecap="round"/>` +
    `<rect x="${x - 4}" y="${top}" width="8" height="${height}" rx="2" fill="${colour}"/>`;
  const candles = candle(6, 12, 29, 16, 9) + candle(16, 7, 24, 11, 9) + candle(26, 3, 19, 7, 8);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${candles}</svg>`;
}

async function draw(markup, size, file) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const sized = markup.replace('<svg ', `<svg width="${size}" height="${size}" style="display:block" `);
  await page.setContent(`<body style="margin:0;background:transparent">${sized}</body>`);
  writeFileSync(file, await page.screenshot({ omitBackground: true }));
  await page.close();
}
