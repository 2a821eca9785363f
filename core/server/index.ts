export { type ApiToken, ApiTokens } from './api-tokens.ts';
export {
  type HeadlessHost,
  type HeadlessHostOptions,
  startHeadlessHost,
} from './headless-host.ts';
export { announcedKillPort, askRunningHost } from './running-host.ts';
