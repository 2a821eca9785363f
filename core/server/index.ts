export {
  type HeadlessHost,
  type HeadlessHostOptions,
  startHeadlessHost,
} from './headless-host.ts';
export { askRunningHost } from './running-host.ts';
