#!/usr/bin/env node
import '../../scripts/check-node.mjs';
import { open as openInspector } from 'node:inspector';
import { registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Stands in for the Electron binary where that cannot be had: runs the built main bundle on Node, with a small module
 * answering for `electron` and a Chromium behind its windows. Playwright drives it as it drives Electron. It proves
 * that main process, preload and renderer talk to each other; of isolation, fuses and a real desktop's tray, shortcuts
 * and windows it proves nothing.
 */

const ELECTRON = pathToFileURL(join(import.meta.dirname, 'electron.ts')).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: ELECTRON, shortCircuit: true } : next(specifier, context),
});

const application = resolve(process.argv.slice(2).find((argument) => !argument.startsWith('-')) ?? '.');
process.env['STAND_IN_APPLICATION'] = application;
const { app, readManifest } = await import('./application.ts');
const { protocolHandlers } = await import('./desktop-parts.ts');
const { provideBrowser } = await import('./browser-window.ts');
await import('./electron.ts');

// As in Electron, the program's own code runs before anything is ready, and a second instance ends at once.
await import(pathToFileURL(join(application, readManifest(application).main)).href);

if (process.argv.includes('--inspect=0')) openInspector(0, '127.0.0.1');
const { StandInBrowser } = await import('./browser.ts');
provideBrowser(await StandInBrowser.start(protocolHandlers));
app.becomeReady();
