/** What watches the program: what it makes of silence, apart from every clock, process and venue. */

export { type Moment, ranBetween } from './own-time.ts';
export {
  FIRST_WATCH,
  SILENT_FOR_MS,
  type Watch,
  type WatchDeed,
  type WatchEvent,
  watched,
} from './watch.ts';
