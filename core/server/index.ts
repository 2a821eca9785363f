export {
  type HeadlessHost,
  type HeadlessHostOptions,
  PortInUseError,
  startHeadlessHost,
} from './headless-host.ts';
export { askRunningHost } from './running-host.ts';
