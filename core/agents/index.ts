/** Step 4 of the loop: Bull and Bear. */
export { RULE_FEATURES } from './evidence.ts';
export { RuleAnalyst } from './rule-analyst.ts';
export { silentAnalyst } from './silent-analyst.ts';
