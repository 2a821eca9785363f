import type { Page } from 'playwright';
import type { DesktopBridge } from '../../renderer/host/desktop-transport.ts';

/** Calls the program as its page does: over the preload's bridge. Gives the answer; throws the error told. */
export async function bridgeCall(page: Page, method: string, params: object = {}): Promise<unknown> {
  return page.evaluate(
    async ({ name, given }) => {
      // The preload put it there.
      const bridge = window.tradebot as DesktopBridge;
      // Far from the numbers that the page itself uses.
      const id = 1_000_000 + Math.round(performance.now() * 1_000);
      return new Promise((resolve, reject) => {
        const stop = bridge.onFrame((frame) => {
          const answer = frame as { id?: number; result?: unknown; error?: { message: string } };
          if (answer.id !== id) return;
          stop();
          if (answer.error === undefined) resolve(answer.result);
          else reject(new Error(answer.error.message));
        });
        bridge.send({ type: 'call', id, method: name, params: given });
      });
    },
    { name: method, given: params },
  );
}
