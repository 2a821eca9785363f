import type { CallError } from '../../core/contract/index.ts';
import { DesktopTransport } from './desktop-transport.ts';
import { FrameConnection } from './frame-connection.ts';
import type { HostConnection } from './host-connection.ts';
import { isLoggedIn, logIn, pageKey, tokenIn } from './session.ts';
import { browserSocket, WebSocketTransport } from './web-socket-transport.ts';

/**
 * Connects to the program: over the desktop's bridge where there is one, else over a WebSocket to the host that
 * served the page. A one-time token in the address bar is spent first and removed from there.
 */
export async function connectToHost(onFault: (error: CallError) => void): Promise<HostConnection> {
  if (window.tradebot !== undefined) {
    return new FrameConnection(new DesktopTransport(window.tradebot), { onFault });
  }
  await spendTokenInAddressBar(onFault);
  const url = new URL('/ws', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const transport = new WebSocketTransport({
    connect: (listener) => browserSocket(url, pageKey(), listener),
    isLoggedIn: () => isLoggedIn(),
  });
  window.addEventListener('online', () => transport.retryNow());
  return new FrameConnection(transport, { onFault });
}

async function spendTokenInAddressBar(onFault: (error: CallError) => void): Promise<void> {
  const { hash, pathname, search } = window.location;
  const token = hash.startsWith('#token=') ? tokenIn(hash) : undefined;
  if (token === undefined) return;
  window.history.replaceState(null, '', pathname + search);
  try {
    await logIn(token);
  } catch (error) {
    // A reloaded link is spent but its cookie may still hold: the connection finds out, and asks if it must.
    if (!(await isLoggedIn().catch(() => true))) onFault(error as CallError);
  }
}
