import {
  CallError,
  LIMIT_WORDS,
  type LimitChange,
  type LimitName,
  type LimitValue,
  limitText,
  type MethodParsedParams,
  ORIGIN_WORDS,
  type StopOrigin,
} from '../../contract/index.ts';
import { type Clock, type Logger, utcText } from '../../domain/index.ts';
import type { AlertCenter } from '../../monitoring/index.ts';
import { type LimitHistory, limitChange, type SymbolLock } from '../../safety/index.ts';
import type { Engine } from '../assembly/assemble.ts';

/** Writes a limit into the settings file. @throws TraderError where it cannot; then nothing has changed. */
export type KeepLimit = (name: LimitName, value: LimitValue) => void;

export interface LimitsDeskParts {
  readonly engine: Pick<Engine, 'limits' | 'changeLimits'>;
  /** Null: the settings of this program cannot be written. */
  readonly keep: KeepLimit | null;
  readonly history: Pick<LimitHistory, 'note'>;
  readonly alerts: Pick<AlertCenter, 'raise'>;
  /** Ends what was armed for less than what may be lost now. */
  readonly look: () => void;
  /** The wall's. */
  readonly clock: Clock;
  readonly log: Logger;
}

type Change = Omit<MethodParsedParams<'limits.change'>, 'from'> & { readonly from: StopOrigin };

/** The one way by which a limit changes while the program runs: the file first, then what judges, then the records. */
export class LimitsDesk {
  readonly #parts: LimitsDeskParts;

  constructor(parts: LimitsDeskParts) {
    this.#parts = parts;
  }

  /** @throws CallError or TraderError when it is not changed. */
  change({ name, value, loosen, from }: Change): void {
    const { engine, keep, look } = this.#parts;
    const result = limitChange(engine.limits.settings, name, value);
    if (!result.ok) throw new CallError('BAD_REQUEST', result.message);
    const { change, settings } = result;
    const words = {
      what: LIMIT_WORDS[name].name,
      before: limitText(name, change.from),
      after: limitText(name, change.to),
    };
    if (change.effect === 'loosens' && !loosen) {
      const means = LIMIT_WORDS[name].means(words.after);
      throw new CallError(
        'CONFIRMATION_REQUIRED',
        `${words.what} from ${words.before} to ${words.after} lets more happen: ${means}`,
      );
    }
    if (keep === null)
      throw new CallError('CONFLICT', 'the settings of this program cannot be changed from here');
    keep(name, value);
    engine.changeLimits(settings);
    look();
    this.#tell({ ...words, from, effect: change.effect });
  }

  /** A symbol was locked, anew or for the first time. */
  locked({ symbol, until, reason }: SymbolLock, before: SymbolLock | undefined, from: StopOrigin): void {
    const isEarlier = before !== undefined && until < before.until;
    this.#tell({
      what: symbol,
      before: before === undefined ? 'not locked' : lockWords(before),
      after: lockWords({ symbol, until, reason }),
      ...{ from, effect: isEarlier ? 'loosens' : 'tightens' },
    });
  }

  unlocked(symbol: string, before: SymbolLock | undefined, from: StopOrigin): void {
    const was = before === undefined ? 'locks could not be read' : lockWords(before);
    this.#tell({ what: symbol, before: was, after: 'not locked', from, effect: 'loosens' });
  }

  #tell(told: Omit<LimitChange, 'at' | 'by'>): void {
    const { history, alerts, clock, log } = this.#parts;
    const change: LimitChange = { at: clock.now(), by: 'the trader', ...told };
    const { what, before, after, from, effect } = change;
    history.note(change);
    log.info({ ...change }, 'a limit was changed');
    const origin = ORIGIN_WORDS[from];
    alerts.raise(
      effect === 'loosens' ? 'warning' : 'info',
      effect === 'loosens' ? 'A limit was loosened' : 'A limit was tightened',
      `${what}: ${before} before, ${after} from now on, by ${change.by}${origin === '' ? '' : ` ${origin}`}`,
    );
  }
}

const lockWords = ({ until, reason }: SymbolLock): string => `locked until ${utcText(until)}: ${reason}`;
