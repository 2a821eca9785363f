import type { StateStore, WhenWritten } from './stores.ts';

export interface DocumentFormat<T> {
  /** Of what is written, from 1 on. It goes up when older readers would misunderstand. */
  readonly version: number;
  /** Stands for a document that was never written. */
  readonly initial: T;
  /**
   * The value that was stored, or undefined when it is none.
   *
   * @param version of what is stored: never above the format's; 0 for documents from before there were versions.
   */
  readonly parse: (stored: unknown, version: number) => T | undefined;
}

/** What reading gave: a value, or why there is none although something is stored. */
export type DocumentReading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: string };

/** A document of the state store with a name, a type and a version. */
export class StateDocument<T> {
  readonly #store: StateStore;
  readonly #name: string;
  readonly #format: DocumentFormat<T>;

  constructor(store: StateStore, name: string, format: DocumentFormat<T>) {
    this.#store = store;
    this.#name = name;
    this.#format = format;
  }

  /** Never throws: whoever asks says what a document that cannot be read means for him. */
  read(): DocumentReading<T> {
    const { initial, parse, version: known } = this.#format;
    try {
      const stored = this.#store.read(this.#name);
      if (stored === undefined) return { ok: true, value: initial };
      const { documentVersion, value } = opened(stored);
      if (documentVersion > known) return this.#fault('a newer version of the program wrote it');
      const parsed = parse(value, documentVersion);
      return parsed === undefined ? this.#fault('it is damaged') : { ok: true, value: parsed };
    } catch (error) {
      return this.#fault(String(error));
    }
  }

  /** The value, or what `otherwise` makes of a document that cannot be read. */
  readOr(otherwise: (fault: string) => T): T {
    const reading = this.read();
    return reading.ok ? reading.value : otherwise(reading.fault);
  }

  /** @throws whatever the store throws when it cannot write. */
  write(value: T, when?: WhenWritten): void {
    const written: Envelope = { documentVersion: this.#format.version, value };
    this.#store.write(this.#name, written, when);
  }

  #fault(why: string): DocumentReading<T> {
    return { ok: false, fault: `the stored ${this.#name} cannot be used: ${why}` };
  }
}

/** How a value is stored. */
interface Envelope {
  readonly documentVersion: number;
  readonly value: unknown;
}

function opened(stored: unknown): Envelope {
  return isEnvelope(stored) ? stored : { documentVersion: 0, value: stored };
}

function isEnvelope(stored: unknown): stored is Envelope {
  return (
    typeof stored === 'object' &&
    stored !== null &&
    'documentVersion' in stored &&
    typeof stored.documentVersion === 'number' &&
    'value' in stored
  );
}
