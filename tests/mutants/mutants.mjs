import { CONSENSUS_MUTANTS } from './consensus.mjs';
import { DECIDING_MUTANTS } from './deciding.mjs';
import { DOMAIN_MUTANTS } from './domain.mjs';
import { EXCURSION_MUTANTS } from './excursions.mjs';
import { EXECUTION_MUTANTS } from './execution.mjs';
import { GUARDIAN_MUTANTS } from './guardian.mjs';
import { IMPORT_MUTANTS } from './imports.mjs';
import { LADDER_MUTANTS } from './ladder.mjs';
import { PORTFOLIO_MUTANTS } from './portfolio.mjs';
import { SAFETY_MUTANTS } from './safety.mjs';
import { STORAGE_MUTANTS } from './storage.mjs';

/**
 * Faults that somebody could make in the money code, and in what decides how much of a purchase is left. Each has a
 * place that occurs once in its file, what stands there instead, and the tests that should catch it where those of its
 * folder are not enough. When the code at a place changes, its mutant changes with it.
 *
 * @typedef {object} Mutant
 * @property {string} name What is wrong then, in words.
 * @property {string} file From the root of the tree.
 * @property {string} find
 * @property {string} replace
 * @property {readonly string[]} [tests] Paths for vitest, before a few seeds of the chaos test.
 */

/** @type {readonly Mutant[]} */
export const MUTANTS = [
  ...DOMAIN_MUTANTS,
  ...CONSENSUS_MUTANTS,
  ...SAFETY_MUTANTS,
  ...LADDER_MUTANTS,
  ...GUARDIAN_MUTANTS,
  ...PORTFOLIO_MUTANTS,
  ...EXCURSION_MUTANTS,
  ...EXECUTION_MUTANTS,
  ...DECIDING_MUTANTS,
  ...STORAGE_MUTANTS,
  ...IMPORT_MUTANTS,
];
