/** What answers for the package `electron` in a process of the stand-in. */
export { app } from './application.ts';
export { BrowserWindow, webContents } from './browser-window.ts';
export {
  dialog,
  globalShortcut,
  Menu,
  Notification,
  nativeImage,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
  standIn,
  Tray,
} from './desktop-parts.ts';
export { utilityProcess } from './utility-process.ts';
export { ipcMain } from './web-contents.ts';
