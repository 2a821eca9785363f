import { createHash } from 'node:crypto';
import type { LlmAgent, LlmParameters } from '../domain/index.ts';

/** All that an answer depends on. */
export interface Question {
  readonly agent: LlmAgent;
  readonly model: string;
  readonly parameters: LlmParameters;
  readonly system: string;
  readonly user: string;
}

/** SHA-256 in hex of a question's canonical JSON: keys sorted, no spaces. One changed word is another key. */
export function callKey({ agent, model, parameters, system, user }: Question): string {
  const { api, maxOutputTokens, temperature, thinking } = parameters;
  // Written in alphabetical order, which JSON.stringify keeps.
  const canonical = {
    agent,
    model,
    parameters: { api, maxOutputTokens, temperature, thinking },
    system,
    user,
  };
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}
