import { contextBridge, ipcRenderer } from 'electron';

/**
 * The whole bridge between the renderer and the main process: the contract's frames, both ways. The renderer
 * gets no channel names, no events and nothing of Node.
 */
contextBridge.exposeInMainWorld('tradebot', {
  send(frame: unknown): void {
    ipcRenderer.send('tradebot:frame', frame);
  },
  onFrame(listener: (frame: unknown) => void): () => void {
    const forward = (_event: unknown, frame: unknown): void => listener(frame);
    ipcRenderer.on('tradebot:frame', forward);
    return () => {
      ipcRenderer.removeListener('tradebot:frame', forward);
    };
  },
});
