import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/**
 * Three bundles in `out/`: the main process with the engine, the preload (CommonJS: a sandboxed preload can be
 * nothing else) and the renderer. Packages with native parts stay outside the bundles.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: true,
      rollupOptions: {
        // The models' thread is a file of its own, which `worker-runner.ts` looks for beside the one it is bundled in.
        input: {
          main: resolve('electron/main.ts'),
          // So is the guardian, which `electron/guardian.ts` starts as a process.
          'guardian-process': resolve('electron/guardian-process.ts'),
          // And the thread that makes a backup, for `backups.ts`.
          'backup-worker': resolve('core/engine/installation/backup-worker.ts'),
          'inference-worker': resolve('core/inference/inference-worker.ts'),
        },
        output: { chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: resolve('electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      outDir: resolve('out/renderer'),
      minify: true,
      rollupOptions: { input: { index: resolve('renderer/index.html') } },
    },
  },
});
