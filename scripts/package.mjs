#!/usr/bin/env node
import './check-node.mjs';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Arch, build, Platform } from 'electron-builder';
import { load } from 'js-yaml';
import { builderConfig } from './builder-config.mjs';
import { hasModels, partsToInstall, TARGETS, targetName } from './native-parts.mjs';

/**
 * `npm run package`: the installers of this system and processor, or of another (`--target win32-arm64`), into `dist/`.
 * `--dir`: the unpacked application alone; where Electron's binary cannot be had, everything of it but that.
 */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const PLATFORMS = { win32: Platform.WINDOWS, darwin: Platform.MAC, linux: Platform.LINUX };

const { target, isDir } = readFlags(process.argv.slice(2));
refuse(partsToInstall(target, (file) => existsSync(join(ROOT, file)), lockedVersion));
run('electron-vite', ['build']);
const settings = load(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8'));
const config = builderConfig(settings, target, process.env);
try {
  await pack(config);
} catch (error) {
  if (!isDir || target.platform === 'darwin' || !isOffline(error)) throw error;
  process.stderr.write(`Electron's binary cannot be had here (${firstLine(error)}).\n`);
  await packWithoutElectron(config);
}
if (!hasModels(target))
  process.stderr.write('onnxruntime has no binary for Intel Macs: in this package the models abstain.\n');

function readFlags(args) {
  const wanted = args.includes('--target') ? args[args.indexOf('--target') + 1] : undefined;
  const name = wanted ?? targetName(process);
  const found = TARGETS.find((each) => targetName(each) === name);
  const known =
    args.filter((each) => each !== '--dir' && each !== '--target' && each !== wanted).length === 0;
  if (found === undefined || !known)
    refuse([`npm run package -- [--dir] [--target ${TARGETS.map(targetName).join(' | ')}]`]);
  return { target: found, isDir: args.includes('--dir') };
}

async function pack(given) {
  const folder = mkdtempSync(join(tmpdir(), 'tradebot-package-'));
  try {
    // By a file of its own: an object would be merged with electron-builder.yml.
    const path = join(folder, 'config.json');
    writeFileSync(path, JSON.stringify({ ...given, afterPack: join(ROOT, 'scripts', 'check-package.mjs') }));
    await build({
      targets: PLATFORMS[target.platform].createTarget(isDir ? 'dir' : undefined, Arch[target.arch]),
      config: path,
      projectDir: ROOT,
      publish: 'never',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Everything but Electron itself, around an empty program in its place: to see what is shipped. */
async function packWithoutElectron({ electronFuses: _, ...rest }) {
  const stand = mkdtempSync(join(tmpdir(), 'tradebot-package-'));
  try {
    const executable = join(stand, target.platform === 'win32' ? 'electron.exe' : 'electron');
    writeFileSync(executable, '');
    chmodSync(executable, 0o755);
    mkdirSync(join(stand, 'resources'));
    for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version']) writeFileSync(join(stand, name), '');
    const asItIs = { ...rest.win, signAndEditExecutable: false };
    // Nothing can be written into a program that is none.
    await pack({ ...rest, electronDist: stand, disableAsarIntegrity: true, win: asItIs });
  } finally {
    rmSync(stand, { recursive: true, force: true });
  }
  process.stderr.write('What lies in dist/ is everything but Electron, and does not start.\n');
}

function isOffline(error) {
  return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|cannot resolve|getaddrinfo|status code/i.test(
    String(error),
  );
}

function firstLine(error) {
  return String(error instanceof Error ? error.message : error).split('\n')[0];
}

function lockedVersion(name) {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  return packages[`node_modules/${name}`].version;
}

function run(name, args) {
  const entry = join(ROOT, 'node_modules', name, 'bin', `${name}.js`);
  const { status } = spawnSync(process.execPath, [entry, ...args], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function refuse(lines) {
  if (lines.length === 0) return;
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(2);
}
