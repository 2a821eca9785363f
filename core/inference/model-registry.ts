import type { Abstention, Analyst } from '../domain/index.ts';
import { readManifest } from './manifest.ts';

/**
 * The models installed, and the ensemble's voice in the consensus. It never guesses: without a model that may be
 * used it abstains and says why.
 */
export class ModelRegistry implements Analyst {
  /** Models that can be asked. */
  readonly installed = 0;
  /** What is installed, for the trader. */
  readonly message: string;
  readonly #abstention: Abstention;

  private constructor(code: Abstention['code'], message: string) {
    this.message = message;
    this.#abstention = { kind: 'abstention', voter: 'ensemble', source: 'models', code, message };
  }

  /** Looks into a models folder. Never throws: a folder that cannot be used is a reason to abstain. */
  static open(folder: string): ModelRegistry {
    const reading = readManifest(folder);
    switch (reading.kind) {
      case 'absent':
        return new ModelRegistry('no-model-installed', 'no model is installed: the ensemble abstains');
      case 'broken':
        return new ModelRegistry('failed', reading.message);
      case 'read': {
        const { setId, models } = reading.manifest;
        const message = `model set ${setId} (${models.length} models) needs a newer version of this program`;
        return new ModelRegistry('failed', message);
      }
    }
  }

  opine(): Abstention {
    return this.#abstention;
  }
}
