import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { browserOpener, type Command, type Machine, pageFolder, writeFlushed } from '../platform/index.ts';

/**
 * Shows the login address in the user's browser, as well as that can be had: it is printed in any case. The address lets in
 * whoever has it, so it goes to the browser in a file of the user's own and not in arguments that everybody can read.
 *
 * @param folder where that file may lie. @param start starts a program and forgets it.
 * @returns takes the file away.
 */
export function openInBrowser(
  machine: Machine,
  url: string,
  folder: string,
  start: (command: Command) => void = startDetached,
): () => void {
  const page = join(pageFolder(machine, existsSync, folder), 'llm-tradebot-login.html');
  const opener = browserOpener(machine, page);
  if (opener === null) return () => undefined;
  const forget = (): void => {
    try {
      rmSync(page, { force: true });
    } catch {
      // Somebody holds it: what is in it is good for one login, and that was most likely used.
    }
  };
  try {
    // One that is there keeps its rights, which may be others'.
    rmSync(page, { force: true });
    writeFlushed(page, pageTo(url));
    start(opener);
  } catch {
    // The address was printed.
    forget();
  }
  return forget;
}

function pageTo(url: string): string {
  // A closing tag in it would end the script.
  const address = JSON.stringify(url).replaceAll('<', '\\u003c');
  return `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>LLM-TradeBot</title><script>location.replace(${address})</script>\n`;
}

function startDetached({ command, args, environment }: Command): void {
  const child = spawn(command, args, {
    stdio: 'ignore',
    detached: true,
    env: environment,
    shell: false,
    windowsHide: true,
  });
  child.on('error', () => undefined);
  child.unref();
}
