import { type BrowserWindow, type IpcMainEvent, ipcMain } from 'electron';
import type { Disposer, Logger } from '../core/domain/index.ts';
import { ClientSession, type ContractService } from '../core/engine/index.ts';
import { isAppUrl } from './app-protocol.ts';

const CHANNEL = 'tradebot:frame';

/**
 * Speaks the contract with one window. Frames are taken only from that window's main frame and only while it
 * shows our own origin; everything else is logged and dropped.
 */
export function connectWindow(window: BrowserWindow, service: ContractService, log: Logger): Disposer {
  const { webContents } = window;
  const newSession = (): ClientSession =>
    new ClientSession(
      service,
      (frame) => {
        if (!webContents.isDestroyed()) webContents.send(CHANNEL, frame);
      },
      log,
    );
  let session = newSession();

  const receive = (event: IpcMainEvent, frame: unknown): void => {
    if (!isTrusted(event, window)) {
      log.warn({ url: event.senderFrame?.url }, 'dropped a frame from a foreign sender');
      return;
    }
    void session.receive(frame);
  };
  // A reloaded page knows nothing of the old one's subscriptions.
  const restart = (): void => {
    session.close();
    session = newSession();
  };
  ipcMain.on(CHANNEL, receive);
  webContents.on('did-navigate', restart);
  return () => {
    ipcMain.removeListener(CHANNEL, receive);
    webContents.removeListener('did-navigate', restart);
    session.close();
  };
}

function isTrusted(event: IpcMainEvent, window: BrowserWindow): boolean {
  const { senderFrame } = event;
  return (
    event.sender === window.webContents &&
    senderFrame !== null &&
    senderFrame === window.webContents.mainFrame &&
    isAppUrl(senderFrame.url)
  );
}
