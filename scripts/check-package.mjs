import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Arch } from 'electron-builder';
import { nativeFaults, strangeFiles, targetName } from './native-parts.mjs';
import { missingFiles, neededFiles, needlessPackages, privateFiles } from './package-contents.mjs';
import { packagedFiles } from './packaged-files.mjs';

const SHOWN = 20;
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Run by electron-builder between packing and making installers: a package that ships another system's parts, the
 * project's own sources, a package for development or what may hold keys, or lacks a part, is not made. What it ships is listed beside it.
 */
export default function checkPackage({ appOutDir, packager, electronPlatformName, arch }) {
  const target = { platform: electronPlatformName, arch: Arch[arch] };
  const files = packagedFiles(packager.getResourcesDir(appOutDir));
  const paths = files.map(({ path }) => path);
  const list = join(dirname(appOutDir), `contents-${targetName(target)}.txt`);
  writeFileSync(list, files.map(({ path, size }) => `${path}\t${size}\n`).join(''));
  const megabytes = Math.round(files.reduce((sum, { size }) => sum + size, 0) / 1e6);
  process.stdout.write(`${targetName(target)}: ${files.length} files, ${megabytes} MB, listed in ${list}\n`);
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const faults = [
    ...nativeFaults(paths, target),
    ...missingFiles(paths, neededFiles(ROOT)),
    ...strangeFiles(paths),
    ...privateFiles(paths),
    ...needlessPackages(paths, packages),
  ];
  if (faults.length === 0) return;
  const more = faults.length > SHOWN ? [`and ${faults.length - SHOWN} more`] : [];
  throw new Error([...faults.slice(0, SHOWN), ...more].join('\n'));
}
