export {
  type HeadlessHost,
  type HeadlessHostOptions,
  PortInUseError,
  startHeadlessHost,
} from './headless-host.ts';
