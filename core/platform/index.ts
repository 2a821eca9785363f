/** The one place that knows what differs between Windows, macOS and Linux. */
export {
  flushFolder,
  flushingPragmas,
  hasFileModes,
  isHeld,
  makePrivate,
  pause,
  takesName,
  takesNameMeanwhile,
  writeFlushed,
  writeWhole,
} from './files.ts';
export {
  dataDirectoryIn,
  folderConcerns,
  folderIn,
  pageFolder,
  RUNTIME_FOLDER_VARIABLE,
  runtimeFolders,
} from './folders.ts';
export {
  type Environment,
  glibcVersion,
  type Machine,
  PLATFORM,
  type Platform,
  thisMachine,
} from './machine.ts';
export { missingPartAdvice, modelsObstacle } from './missing-parts.ts';
export {
  browserOpener,
  type Command,
  emergencyShortcut,
  isProcess,
  refusedPortAdvice,
  shortcutWords,
  stopSignals,
  typedShortcut,
  windowObstacle,
} from './ways.ts';
