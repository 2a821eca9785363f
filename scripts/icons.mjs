#!/usr/bin/env node
import './check-node.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Draws the icons in `resources/` from `icon.svg`: the application's at 1024 px, and the tray's: Linux's at 32 px, macOS's
 * template images at 16, in black and told apart by their shape, since that system colours them itself, and Windows' icons
 * with every size from 16 to 48.
 */

// Not before the version of Node is known to be one that reads TypeScript.
const { launchChromium } = await import('../tests/browser/chromium.ts');

const RESOURCES = join(dirname(fileURLToPath(import.meta.url)), '..', 'resources');
const TRAY_COLOURS = { running: '#4c8dff', paused: '#9aa3b2', halted: '#ff4d5e' };
const WINDOWS_SIZES = [16, 20, 24, 32, 48];
/** Running shows the candles, paused two bars, halted a cross. */
const SHAPES = {
  paused: '<path d="M11 6V26M21 6V26" stroke="#000" stroke-width="5" stroke-linecap="round"/>',
  halted: '<path d="M7 7L25 25M25 7L7 25" stroke="#000" stroke-width="5" stroke-linecap="round"/>',
};

const svg = readFileSync(join(RESOURCES, 'icon.svg'), 'utf8');
const browser = await launchChromium();
try {
  await draw(svg, 1024, join(RESOURCES, 'icon.png'));
  for (const [state, colour] of Object.entries(TRAY_COLOURS)) {
    await draw(traySvg(colour), 32, join(RESOURCES, 'tray', `${state}.png`));
    await draw(traySvg(colour), 64, join(RESOURCES, 'tray', `${state}@2x.png`));
    await draw(templateSvg(state), 16, join(RESOURCES, 'tray', `${state}Template.png`));
    await draw(templateSvg(state), 32, join(RESOURCES, 'tray', `${state}Template@2x.png`));
    const sizes = [];
    for (const size of WINDOWS_SIZES) sizes.push({ size, pixels: await pixelsOf(traySvg(colour), size) });
    writeFileSync(join(RESOURCES, 'tray', `${state}.ico`), icoOf(sizes));
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

function templateSvg(state) {
  const shape = SHAPES[state];
  if (shape === undefined) return traySvg('#000');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${shape}</svg>`;
}

/** Red, green, blue and alpha of each pixel, row by row from the top. */
async function pixelsOf(markup, size) {
  const page = await browser.newPage();
  const data = await page.evaluate(
    async ([source, side]) => {
      const image = new Image(side, side);
      image.src = `data:image/svg+xml,${encodeURIComponent(source)}`;
      await image.decode();
      const canvas = new OffscreenCanvas(side, side).getContext('2d');
      canvas.drawImage(image, 0, 0, side, side);
      return [...canvas.getImageData(0, 0, side, side).data];
    },
    [markup.replace('<svg ', `<svg width="${size}" height="${size}" `), size],
  );
  await page.close();
  return data;
}

/** An icon file of 32-bit bitmaps, which every Windows reads at any size. */
function icoOf(sizes) {
  const bitmaps = sizes.map(({ size, pixels }) => bitmapOf(size, pixels));
  const header = Buffer.alloc(6 + 16 * sizes.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(sizes.length, 4);
  let offset = header.length;
  for (const [index, { size }] of sizes.entries()) {
    const at = 6 + 16 * index;
    header.writeUInt8(size, at);
    header.writeUInt8(size, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(bitmaps[index].length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += bitmaps[index].length;
  }
  return Buffer.concat([header, ...bitmaps]);
}

/** A bitmap as icons have it: twice as high as it is, from the bottom up, with a mask that alpha makes needless. */
function bitmapOf(size, pixels) {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(40, 0);
  header.writeInt32LE(size, 4);
  header.writeInt32LE(2 * size, 8);
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(32, 14);
  const body = Buffer.alloc(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const [red, green, blue, alpha] = pixels.slice(4 * (y * size + x), 4 * (y * size + x) + 4);
      body.set([blue, green, red, alpha], 4 * ((size - 1 - y) * size + x));
    }
  }
  const maskRow = 4 * Math.ceil(size / 32);
  return Buffer.concat([header, body, Buffer.alloc(maskRow * size)]);
}

async function draw(markup, size, file) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const sized = markup.replace('<svg ', `<svg width="${size}" height="${size}" style="display:block" `);
  await page.setContent(`<body style="margin:0;background:transparent">${sized}</body>`);
  writeFileSync(file, await page.screenshot({ omitBackground: true }));
  await page.close();
}
