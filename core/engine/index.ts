/** The engine composes the steps of the trading loop; hosts and backtests use it through this face. */
export { type AssemblyOptions, assembleEngine, type Engine, roundTripCostOf } from './assemble.ts';
export { ClientSession, type ContractService, serveCall } from './client-session.ts';
export { defaultDataDirectory } from './data-directory.ts';
export { type ImportReport, importCandles, listHistory } from './history.ts';
export { killSwitchState, latchKillSwitch, storedDecisions, storedTrades } from './offline.ts';
export { loadSettings, SettingsError, type SettingsSources, type SettingsTree } from './settings-file.ts';
export { openStores, type Stores } from './stores.ts';
export { openModels, openTradebot, type Tradebot, type TradebotOptions } from './tradebot.ts';
