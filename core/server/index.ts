export {
  type HeadlessHost,
  type HeadlessHostOptions,
  startHeadlessHost,
} from './headless-host.ts';
export { announcedKillPort, askRunningHost } from './running-host.ts';
