import { folderConcerns, type Machine, modelsObstacle } from '../../platform/index.ts';

export interface Warning {
  readonly what: string;
  readonly line: string;
}

/** What `doctor` warns of on a machine, where all goes on: an old system, a folder that is no place for databases. */
export function systemWarnings(
  machine: Machine,
  glibc: string | undefined,
  directory: string,
): readonly Warning[] {
  const obstacle = modelsObstacle(machine, glibc);
  return [
    ...(obstacle === null ? [] : [{ what: 'system', line: `the models will abstain: ${obstacle}` }]),
    ...folderConcerns(machine, directory).map((line) => ({ what: 'data directory', line })),
  ];
}
