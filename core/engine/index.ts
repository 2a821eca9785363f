/** The engine composes the steps of the trading loop; hosts and backtests use it through this face. */

export { isLocalEndpoint } from '../agents/index.ts';
export { SILENT_LOGGER } from '../domain/index.ts';
export { capabilitiesOf, type VenueCapabilities, venueIds } from '../execution/index.ts';
export { READY_AFTER_BARS } from '../features/index.ts';
export {
  checkParity,
  checkVolatilityParity,
  DirectRunner,
  type HorizonExamination,
  type LibraryEntry,
  type ModelLibrary,
  ModelRefusal,
  type ModelSet,
  setFor,
  type VolatilitySet,
} from '../inference/index.ts';
export {
  CandleCache,
  CandleColumns,
  type HistorySeries,
  readHistory,
  type SeriesReport,
} from '../market/index.ts';
export { GAINS_METHODS, type GainsMethod } from '../portfolio/index.ts';
export { LADDER_FILE, StrategyLadder } from '../safety/index.ts';
export { isHeld as isHeldByProgram, requireDatabase } from '../storage/index.ts';
export {
  ALLOWANCE,
  type OwnStrategy,
  readOwnStrategy,
  SHIPPED_STRATEGIES,
  STRATEGY_TEMPLATE,
  STRATEGY_TYPES,
  type Strategies,
  StrategyFault,
  strategyOf,
} from '../strategies/index.ts';
export { channelReadiness } from './alerts/channel-readiness.ts';
export { storedAlerts, storedDeliveries } from './alerts/stored-alerts.ts';
export { tryChannel } from './alerts/try-channel.ts';
export { type AssemblyOptions, assembleEngine, type Engine } from './assembly/assemble.ts';
export { assembleOverHistory, type OverHistoryOptions } from './assembly/over-history.ts';
export { type KillResult, type KillVerdict, killTarget, type RunningService } from './emergency/kill.ts';
export { killDrill } from './emergency/kill-drill.ts';
export { type KillTarget, killTargets } from './emergency/kill-targets.ts';
export { openOutsideLine } from './emergency/outside-line.ts';
export { forkGuardian, withoutSecrets } from './guardian/fork-guardian.ts';
export type { GuardianProcess } from './guardian/guardian-protocol.ts';
export type { ServedTradebot } from './hosting/hosted-tradebot.ts';
export { type HostingOptions, openHostedTradebot } from './hosting/open-hosted.ts';
export { importVenueTrades, type VenueImport } from './hosting/venue-trades.ts';
export { storedAccountEvents, transferOffline } from './installation/account-offline.ts';
export {
  backUpBooks,
  checkBooks,
  growthOfBooks,
  rebuildTrades,
  restoreBooks,
} from './installation/books-care.ts';
export {
  type CandleDownload,
  type CandleDownloadReport,
  downloadHistory,
} from './installation/candle-download.ts';
export { openKeychain } from './installation/keychain.ts';
export { killSecret, knownKillSecret } from './installation/kill-secret.ts';
export { type LlmStores, openLlmStores } from './installation/llm-stores.ts';
export { storedMirror } from './installation/mirror.ts';
export {
  annotateStored,
  killSwitchState,
  storedDecisions,
  storedExcursions,
  storedHindsight,
  storedMetrics,
  storedTotals,
  storedTrades,
  tellStoredTrades,
} from './installation/offline.ts';
export { ownRuntimeFolder, ownRuntimeFolders } from './installation/runtime-folder.ts';
export { notedDates, noteKept } from './installation/secret-dates.ts';
export {
  CREDENTIALS,
  environmentName,
  exchangeSecret,
  isSecretName,
  looseSecretFiles,
  NO_SECRETS,
  openSecrets,
  SECRET_NAMES,
  type Secrets,
  secretFault,
  secretsFor,
  vaultPassphrase,
} from './installation/secrets.ts';
export {
  loadSettings,
  type SettingsSources,
  type SettingsTree,
  settingsSource,
} from './installation/settings-file.ts';
export {
  hearStopRequests,
  requestStop,
  type StopWatchOptions,
  withdrawStop,
} from './installation/stop-request.ts';
export { type StoredGains, storedGains } from './installation/stored-gains.ts';
export { type ImportReport, importCandles, listHistory } from './installation/stored-history.ts';
export { openStores, type Stores } from './installation/stores.ts';
export {
  ownStrategyNames,
  readSource,
  StrategyFolder,
  strategyFile,
  strategyFolder,
} from './installation/strategy-folder.ts';
export {
  againstRealMoney,
  climb,
  type StandingParts,
  standingOf,
  stepBack,
  versionOf,
} from './installation/strategy-standing.ts';
export { MACHINE_CLOCK, SYSTEM_CLOCK, SYSTEM_TIMERS } from './installation/system-timers.ts';
export { importTradeFile, tradeImports, undoTradeImport } from './installation/trade-imports.ts';
export { tryStrategy } from './installation/try-strategy.ts';
export {
  changePassphrase,
  LEAST_PASSPHRASE,
  openVault,
  UNLOCK,
  VAULT_FILE,
  vaultPath,
} from './installation/vault.ts';
export { answerKillRequest } from './kill-line/kill-answers.ts';
export { type KillLine, killDeeds, openKillLine } from './kill-line/kill-line.ts';
export {
  KILL_ACTIONS,
  type KillAction,
  killPath,
  killSignature,
  SIGNATURE_HEADER,
  TIMESTAMP_HEADER,
} from './kill-line/signature.ts';
export { SignedRequests } from './kill-line/signed-requests.ts';
export type { Tradebot } from './running-tradebot.ts';
export { ClientSession, type ContractService, serveCall } from './service/client-session.ts';
export { openTradebot, type TradebotOptions } from './tradebot.ts';
export * from './views/held-coins.ts';
export { hindsightView } from './views/hindsight-view.ts';
export {
  AGENTS_CHOICES,
  type AgentsChoice,
  checkConnections,
  historicalAgents,
  type LlmParts,
  openPrompts,
} from './voices/language-models.ts';
export { openHistoricalModels, openLibrary, verifiedSets } from './voices/models.ts';
export { openHistoricalOutlooks, openVolatilitySets, verifiedVolatilitySets } from './voices/volatility.ts';
