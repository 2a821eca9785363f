import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol } from 'electron';

/** The renderer's own origin: no file:// rights, no network. */
const APP_SCHEME = 'app';
const APP_HOST = 'tradebot';
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/index.html`;

/** Whether a URL is of our own origin. (`URL.origin` is "null" for schemes of one's own.) */
export function isAppUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol: scheme, host } = new URL(url);
  return scheme === `${APP_SCHEME}:` && host === APP_HOST;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
} as const;

/** Must run before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built renderer under the app's origin. Must run after the app is ready. */
export function serveRenderer(folder: string): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const path = rendererFile(folder, request.url);
    if (path === undefined) return new Response('not found', { status: 404 });
    try {
      const type = CONTENT_TYPES[extname(path)] ?? 'application/octet-stream';
      return new Response(new Uint8Array(await readFile(path)), {
        headers: { ...HEADERS, 'content-type': type },
      });
    } catch {
      return new Response('not found', { status: 404 });
    }
  });
}

/**
 * The file an app URL names, or undefined when it is of another origin, cannot be decoded or leads out of the
 * folder.
 */
export function rendererFile(folder: string, url: string): string | undefined {
  if (!isAppUrl(url)) return undefined;
  const { pathname } = new URL(url);
  const decoded = decode(pathname === '/' ? '/index.html' : pathname);
  if (decoded === undefined) return undefined;
  const path = normalize(join(folder, decoded));
  return path.startsWith(folder + sep) ? path : undefined;
}

function decode(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    // A lone percent sign: no file of ours is called so.
    return undefined;
  }
}
