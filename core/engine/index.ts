/** The engine composes the steps of the trading loop; hosts and backtests use it through this face. */

export { SILENT_LOGGER } from '../domain/index.ts';
export { READY_AFTER_BARS } from '../features/index.ts';
export {
  checkParity,
  DirectRunner,
  type LibraryEntry,
  type ModelLibrary,
  ModelRefusal,
  type ModelSet,
} from '../inference/index.ts';
export {
  type AccountFigures,
  accountFigures,
  type BaselineFigures,
  baselineFigures,
} from './account-figures.ts';
export {
  AGENTS_CHOICES,
  type AgentsChoice,
  checkConnections,
  historicalAgents,
  type LlmParts,
  openPrompts,
} from './agents.ts';
export { type AssemblyOptions, assembleEngine, type Engine } from './assemble.ts';
export {
  BOOK_FEATURES,
  type BookFeatureRow,
  BookReplay,
  type BookReplayReport,
  bookFeatureLines,
} from './book-features.ts';
export { type HistorySeries, readHistory, type SeriesReport } from './candle-inputs.ts';
export { ClientSession, type ContractService, serveCall } from './client-session.ts';
export { defaultDataDirectory } from './data-directory.ts';
export type { FeatureExportReport, FeatureExportTask } from './feature-export.ts';
export { exportFeatureFiles } from './feature-exports.ts';
export { type ImportReport, importCandles, listHistory } from './history.ts';
export { KeychainError, openKeychain } from './keychain.ts';
export { type LlmStores, openLlmStores } from './llm-stores.ts';
export { evaluateSet, type SetEvaluation } from './model-evaluation.ts';
export { type BarPrediction, predictLast } from './model-prediction.ts';
export { openHistoricalModels, openLibrary, verifiedSets } from './models.ts';
export { killSwitchState, latchKillSwitch, storedDecisions, storedTrades } from './offline.ts';
export { assembleOverHistory, type OverHistoryOptions } from './over-history.ts';
export type { Tradebot } from './running-tradebot.ts';
export {
  environmentName,
  isSecretName,
  NO_SECRETS,
  openSecrets,
  SECRET_NAMES,
  type Secrets,
} from './secrets.ts';
export { loadSettings, SettingsError, type SettingsSources, type SettingsTree } from './settings-file.ts';
export { openStores, type Stores } from './stores.ts';
export { openTradebot, type TradebotOptions } from './tradebot.ts';
export { writeWhole } from './whole-file.ts';
