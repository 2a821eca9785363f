import type { AlertView, DeliveryView } from '../../contract/index.ts';
import { shownAlert } from '../../monitoring/index.ts';
import { withStores } from '../installation/offline.ts';
import type { BooksSettings } from '../installation/store-names.ts';

/** What the trader was told of in a mode, oldest first; nothing where it never ran here. @throws StorageError */
export function storedAlerts(
  directory: string,
  settings: BooksSettings,
  limit: number,
): readonly AlertView[] {
  return withStores(directory, settings, ({ alerts }) => alerts.recent(limit).map(shownAlert));
}

/** What became of the messages about it, newest first. @throws StorageError */
export function storedDeliveries(
  directory: string,
  settings: BooksSettings,
  limit: number,
): readonly DeliveryView[] {
  return withStores(directory, settings, ({ deliveries }) => deliveries.recent(limit));
}
