#!/usr/bin/env node
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMain } from './is-main.mjs';

/**
 * Writes THIRD_PARTY_NOTICES.md from the lock file: every package that the application ships, with its licence, and
 * the full texts for those that the renderer's bundle contains (the others ship with their own licence files).
 */

const ROOT = join(fileURLToPath(import.meta.url), '..', '..');
/** Development dependencies that the build compiles into the renderer. */
const BUNDLED = [
  '@fontsource-variable/inter',
  '@fontsource-variable/jetbrains-mono',
  'lightweight-charts',
  'react',
  'react-dom',
  'zustand',
];
/** Licences that a MIT program may ship under. Another one needs a look, then a line here. */
const ACCEPTED = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'Unlicense',
];
/** Notices that a licence asks for and the package does not carry. */
const NOTICES = {
  'lightweight-charts':
    'TradingView Lightweight Charts\nCopyright (c) TradingView, Inc. https://www.tradingview.com/',
};
const LICENCE_FILE = /^(licen[cs]e|notice|copying)(\.(md|txt))?$/i;

/** The text of THIRD_PARTY_NOTICES.md. Throws when a package has no accepted licence or the lock file lacks it. */
export function notices(lock, licenceTexts) {
  const describe = (path) => describePackage(path, lock.packages[path]);
  const shipped = new Set();
  for (const name of Object.keys(lock.packages[''].dependencies)) collect(lock, '', name, shipped);
  const bundled = new Set();
  for (const name of BUNDLED) collect(lock, '', name, bundled);
  const rows = [...new Set([...shipped, ...bundled])].map(describe);
  const refused = rows.filter(({ licence }) => !isAccepted(licence));
  if (refused.length > 0) {
    throw new Error(
      `not an accepted licence: ${refused.map((row) => `${row.name} (${row.licence})`).join(', ')}`,
    );
  }
  return [
    '# Third-party notices',
    '',
    'LLM-TradeBot ships the packages below. Made by `npm run notices` from the lock file; do not edit by hand.',
    'The desktop application also contains Electron (MIT) and Chromium, whose notices lie beside its binary in',
    '`LICENSE.electron.txt` and `LICENSES.chromium.html`.',
    '',
    '| package | version | licence |',
    '|---|---|---|',
    ...[...new Set(rows.map((row) => `| ${row.name} | ${row.version} | ${row.licence} |`))].sort(),
    '',
    '## Licences of what the user interface contains',
    '',
    ...[...bundled].sort().flatMap((path) => section(describe(path), licenceTexts(path))),
  ].join('\n');
}

/** Adds the package that `from` gets for `name`, and all it depends on, by their place in the lock file. */
function collect(lock, from, name, found) {
  const path = resolvePackage(lock, from, name);
  if (path === undefined || found.has(path)) return;
  found.add(path);
  const { dependencies = {}, optionalDependencies = {} } = lock.packages[path];
  for (const next of Object.keys({ ...dependencies, ...optionalDependencies }))
    collect(lock, path, next, found);
}

/** As Node resolves: the nearest node_modules upwards. An optional package of another platform may be missing. */
function resolvePackage(lock, from, name) {
  for (let folder = from; ; folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    const path = `${folder}${folder === '' ? '' : '/'}node_modules/${name}`;
    if (lock.packages[path] !== undefined) return path;
    if (folder === '') return undefined;
  }
}

function describePackage(path, { name, version, license }) {
  return { name: name ?? path.replace(/^.*node_modules\//, ''), version, licence: license ?? 'not stated' };
}

/** Of `A OR B` one accepted side is enough; of `A AND B` both are needed. */
function isAccepted(licence) {
  const alternatives = licence.replace(/[()]/g, '').split(' OR ');
  return alternatives.some((terms) => terms.split(' AND ').every((term) => ACCEPTED.includes(term)));
}

function section({ name, version, licence }, files) {
  const texts = name in NOTICES ? [NOTICES[name], ...files] : files;
  const heading = [`### ${name} ${version}`, ''];
  if (texts.length === 0)
    return [...heading, `${licence}, as its package says; it brings no licence text.`, ''];
  return [...heading, ...texts.flatMap((text) => ['```text', text.trim(), '```', ''])];
}

function installedLicences(path) {
  const folder = join(ROOT, path);
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
  return files.sort().map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n'));
}

/** What THIRD_PARTY_NOTICES.md should say of this checkout. */
export function currentNotices() {
  return notices(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')), installedLicences);
}

if (isMain(import.meta.url)) {
  writeFileSync(join(ROOT, 'THIRD_PARTY_NOTICES.md'), currentNotices());
}
