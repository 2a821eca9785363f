import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog } from 'electron';
import {
  hearStopRequests,
  MACHINE_CLOCK,
  openHostedTradebot,
  ownRuntimeFolder,
  type ServedTradebot,
  SYSTEM_TIMERS,
} from '../core/engine/index.ts';
import { dataDirectoryIn, thisMachine } from '../core/platform/index.ts';
import { declareAppScheme } from './app-protocol.ts';
import { IN_TRAY } from './auto-launch.ts';
import { Desktop } from './desktop.ts';
import { onEndSignal } from './end-signals.ts';
import { spawnGuardian } from './guardian.ts';

/** Starts the desktop host, once: a second start shows the window of the first. */

/** The main bundle lies in `out/main`, beside `out/preload` and `out/renderer`. */
const OUT_FOLDER = join(import.meta.dirname, '..');
const PROJECT_FOLDER = join(OUT_FOLDER, '..');

async function main(): Promise<void> {
  if (!app.requestSingleInstanceLock()) {
    noteStart(process.env);
    app.quit();
    return;
  }
  const machine = thisMachine();
  // By this Windows knows whose notifications, pinned icons and login items they are: electron-builder.yml's appId.
  if (machine.platform === 'win32') app.setAppUserModelId('app.llm-tradebot.desktop');
  declareAppScheme();
  await app.whenReady();
  noteStart(process.env);
  const gaveUp = new AbortController();
  const noLongerOpening = onEndSignal(machine.platform, process, () => gaveUp.abort());
  let onStop = (): void => gaveUp.abort();
  hearStopRequests({
    ...{ directory: dataDirectory(), pid: process.pid, clock: MACHINE_CLOCK, timers: SYSTEM_TIMERS },
    onAsked: () => onStop(),
  });
  try {
    const tradebot = await open(gaveUp.signal);
    noLongerOpening();
    const desktop = new Desktop(tradebot, {
      machine,
      isPackaged: app.isPackaged,
      executable: process.execPath,
      startsInTray: process.argv.includes(IN_TRAY) || app.getLoginItemSettings().wasOpenedAtLogin,
      outFolder: OUT_FOLDER,
      resourcesFolder: app.isPackaged ? process.resourcesPath : join(PROJECT_FOLDER, 'resources'),
    });
    onEndSignal(machine.platform, process, (reason) => void desktop.end(reason));
    onStop = (): void => void desktop.end('`tradebot stop` asked the program to end');
    if (gaveUp.signal.aborted) await desktop.end('it was told to end while it started');
    else await desktop.start();
  } catch (error) {
    if (gaveUp.signal.aborted) {
      app.exit(0);
      return;
    }
    dialog.showErrorBox('LLM-TradeBot has to stop', error instanceof Error ? error.message : String(error));
    app.exit(1);
  }
}

const dataDirectory = (): string => dataDirectoryIn(thisMachine(), existsSync);

async function open(signal: AbortSignal): Promise<ServedTradebot> {
  const { env: environment } = process;
  // An empty variable names none.
  const file = environment['TRADEBOT_CONFIG'] || undefined;
  const shipped = app.isPackaged ? process.resourcesPath : PROJECT_FOLDER;
  return openHostedTradebot({
    signal,
    environment,
    ...(file === undefined ? {} : { settingsFile: file }),
    dataDirectory: dataDirectory(),
    runtimeFolder: ownRuntimeFolder(environment),
    spawnGuardian: () => spawnGuardian(environment),
    host: 'desktop',
    version: app.getVersion(),
    migrationsFolder: join(shipped, 'migrations', 'sqlite'),
    modelsFolder: join(shipped, 'models'),
  });
}

/** Whoever started it shows the program in the browser where this does not come about. */
function noteStart({ TRADEBOT_STARTED_FILE: mark }: NodeJS.ProcessEnv): void {
  if (mark === undefined) return;
  try {
    writeFileSync(mark, '');
  } catch {
    // Then the browser opens as well, should this program end with a failure.
  }
}

void main();
