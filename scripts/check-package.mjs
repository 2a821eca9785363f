import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Arch } from 'electron-builder';
import { nativeFaults, strangeFiles, targetName } from './native-parts.mjs';
import { packagedFiles } from './packaged-files.mjs';

/**
 * Run by electron-builder between packing and making installers: a package that ships another system's parts or the
 * project's own sources, or lacks a part, is not made. What it ships is listed beside it.
 */
export default function checkPackage({ appOutDir, packager, electronPlatformName, arch }) {
  const target = { platform: electronPlatformName, arch: Arch[arch] };
  const files = packagedFiles(packager.getResourcesDir(appOutDir));
  const paths = files.map(({ path }) => path);
  const list = join(dirname(appOutDir), `contents-${targetName(target)}.txt`);
  writeFileSync(list, files.map(({ path, size }) => `${path}\t${size}\n`).join(''));
  const megabytes = Math.round(files.reduce((sum, { size }) => sum + size, 0) / 1e6);
  process.stdout.write(`${targetName(target)}: ${files.length} files, ${megabytes} MB, listed in ${list}\n`);
  const faults = [...nativeFaults(paths, target), ...strangeFiles(paths)];
  if (faults.length > 0) throw new Error(faults.slice(0, 20).join('\n'));
}
