import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const ROOT = here('../..');
/** Packages with native parts stay outside. */
const NATIVE = /^(better-sqlite3|onnxruntime-node|keytar|pg|bufferutil|utf-8-validate)$/;

/**
 * Bundles the process under test: it starts several times a seed, and from its sources that takes two seconds.
 * @returns the file to run. It lies in the project, from where it finds migrations, models and packages.
 */
export async function bundleHost(): Promise<string> {
  const outDir = join(ROOT, 'out', 'chaos-venue');
  await build({
    ...{ root: ROOT, configFile: false, logLevel: 'error' },
    resolve: { alias: [{ find: /^ccxt$/, replacement: here('host/ccxt-classes.ts') }] },
    ssr: { noExternal: true, target: 'node' },
    build: {
      ...{ outDir, emptyOutDir: true, minify: false, target: 'node24' },
      ssr: here('host/host.ts'),
      rollupOptions: {
        external: (id) => NATIVE.test(id),
        output: { entryFileNames: 'host.mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return join(outDir, 'host.mjs');
}
