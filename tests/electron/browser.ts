import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type BrowserContext, chromium, type Page, type Request, type Route } from 'playwright';
import { chromiumLaunch } from '../browser/chromium.ts';

/**
 * The Chromium behind the stand-in's windows. A plain Chromium knows no schemes but its own, so `app://tradebot/x`
 * travels as `https://tradebot.app.stand-in/x`, and no request leaves the process: each is answered here.
 */
const DOMAIN = '.stand-in';

export type ProtocolHandler = (request: globalThis.Request) => Response | Promise<Response>;
export type NavigationGuard = (url: string) => boolean;

export class StandInBrowser {
  readonly #context: BrowserContext;
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #handlers: ReadonlyMap<string, ProtocolHandler>;

  private constructor(
    context: BrowserContext,
    process: ChildProcess,
    profile: string,
    handlers: ReadonlyMap<string, ProtocolHandler>,
  ) {
    this.#context = context;
    this.#process = process;
    this.#profile = profile;
    this.#handlers = handlers;
  }

  /** Starts Chromium and passes on its "DevTools listening on" line, by which Playwright finds it. */
  static async start(handlers: ReadonlyMap<string, ProtocolHandler>): Promise<StandInBrowser> {
    const { executablePath = chromium.executablePath(), args, env } = await chromiumLaunch();
    const profile = mkdtempSync(join(tmpdir(), 'tradebot-stand-in-'));
    // A window on the screen needs both a screen and a browser that can draw on it; npm's is headless only.
    const headed = process.env['CHROMIUM_PATH'] !== undefined && process.env['DISPLAY'] !== undefined;
    const child = spawn(
      executablePath,
      [
        ...args,
        ...(headed ? ['--no-first-run', '--window-size=1440,900'] : ['--headless']),
        '--remote-debugging-port=0',
        `--user-data-dir=${profile}`,
        'about:blank',
      ],
      { env, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const line = await devToolsLine(child);
    const connection = await chromium.connectOverCDP(line.replace('DevTools listening on ', ''), {
      artifactsDir: join(profile, 'artifacts'),
    });
    const [context] = connection.contexts();
    if (context === undefined) throw new Error('Chromium came up without a browser context');
    const browser = new StandInBrowser(context, child, profile, handlers);
    process.on('exit', () => browser.#end());
    await context.route('**/*', async (route, request) => browser.#answer(route, request));
    // Electron starts without a window.
    for (const page of context.pages()) await page.close();
    process.stderr.write(`${line}\n`);
    return browser;
  }

  async newPage(guard: NavigationGuard): Promise<Page> {
    const page = await this.#context.newPage();
    await page.route('**/*', async (route, request) => {
      const leaves = request.isNavigationRequest() && request.frame() === page.mainFrame();
      if (leaves && !guard(electronUrl(request.url()))) await route.abort('aborted');
      else await route.fallback();
    });
    return page;
  }

  async #answer(route: Route, request: Request): Promise<void> {
    const url = electronUrl(request.url());
    const handler = this.#handlers.get(new URL(url).protocol.slice(0, -1));
    if (handler !== undefined) {
      const response = await handler(new Request(url, { method: request.method() }));
      await route.fulfill({
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: Buffer.from(await response.arrayBuffer()),
      });
    } else if (request.isNavigationRequest()) {
      await route.fulfill({ contentType: 'text/html', body: `<title>${url}</title>` });
    } else {
      await route.abort('internetdisconnected');
    }
  }

  #end(): void {
    this.#process.kill('SIGKILL');
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The URL under which Chromium loads what Electron calls `url`. */
export function chromiumUrl(url: string): string {
  const { protocol, host, pathname, search, hash } = new URL(url);
  if (['http:', 'https:', 'about:', 'data:'].includes(protocol)) return url;
  return `https://${host}.${protocol.slice(0, -1)}${DOMAIN}${pathname}${search}${hash}`;
}

/** The URL that Electron would show for what Chromium has loaded. */
export function electronUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !parsed.host.endsWith(DOMAIN)) return url;
  const [host = '', scheme = ''] = parsed.host.slice(0, -DOMAIN.length).split('.');
  return `${scheme}://${host}${parsed.pathname}${parsed.search}${parsed.hash}`;
}

async function devToolsLine(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('the browser was started without stderr');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.startsWith('DevTools listening on ')) {
      child.stderr.resume();
      return line;
    }
    said.push(line);
  }
  throw new Error(`Chromium did not start:\n${said.join('\n')}`);
}
