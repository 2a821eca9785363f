import { delimiter, dirname, join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';

const ROOT = join(import.meta.dirname, '..', '..');
/** The real binary where the environment names one, else its stand-in. */
const EXECUTABLE = process.env['ELECTRON_BINARY'] ?? join(import.meta.dirname, 'stand-in.ts');

export interface DesktopLaunch {
  readonly executablePath: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

/** How to start the built desktop application so that everything it keeps lies in `home`. */
export function desktopLaunch(
  home: string,
  environment: Readonly<Record<string, string>> = {},
): DesktopLaunch {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    executablePath: EXECUTABLE,
    args: [ROOT],
    env: {
      ...Object.fromEntries(inherited),
      // The stand-in finds its `node` on the path: the one that runs the tests.
      PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
      XDG_CONFIG_HOME: join(home, 'config'),
      TRADEBOT_DATA_DIR: dataDirectory(home),
      // Found by nobody who looks for the machine's own programs.
      TRADEBOT_RUNTIME_DIR: join(home, 'running'),
      ...environment,
    },
  };
}

export function dataDirectory(home: string): string {
  return join(home, 'data');
}

export async function launchDesktop(
  home: string,
  environment?: Readonly<Record<string, string>>,
): Promise<ElectronApplication> {
  return _electron.launch({ ...desktopLaunch(home, environment), artifactsDir: join(home, 'artifacts') });
}

/** Quits, answering what is asked. */
export async function quitDesktop(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = async () => ({ response: 1, checkboxChecked: false });
  });
  await app.close();
}
