import { Notification } from 'electron';
import type { AlertView, StreamMessage } from '../core/contract/index.ts';
import type { Disposer } from '../core/domain/index.ts';
import type { ContractService } from '../core/engine/index.ts';

export interface NotificationOptions {
  readonly service: Pick<ContractService, 'subscribe'>;
  /** Whether the trader looks at the window, where every alert is shown. */
  readonly isLooking: () => boolean;
  /** A click brings the window. */
  readonly show: () => void;
}

/** Shows what the trader must hear of as the system does: what is critical always, warnings while he looks elsewhere. */
export function notifyOfAlerts({ service, isLooking, show }: NotificationOptions): Disposer {
  if (!Notification.isSupported()) return () => undefined;
  // A notification that nobody refers to any more may lose its click.
  const shown = new Set<Notification>();
  return service.subscribe('alerts', ({ kind, content }: StreamMessage) => {
    // What was told before this program began, or to the engine before this one, is no news.
    if (kind === 'snapshot') return;
    // The topic's own rows.
    for (const { severity, title, message, acknowledged } of content as readonly AlertView[]) {
      // That one was seen is no news.
      if (acknowledged !== null) continue;
      if (severity === 'info' || (severity === 'warning' && isLooking())) continue;
      const notification = new Notification({
        title,
        body: message,
        urgency: severity === 'critical' ? 'critical' : 'normal',
      });
      shown.add(notification);
      notification.on('click', show);
      notification.on('close', () => shown.delete(notification));
      notification.show();
    }
  });
}
