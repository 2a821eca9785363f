import { AsyncLocalStorage } from 'node:async_hooks';
import type { GateAnswer, VenueError } from '../../../domain/index.ts';
import { errorOfCall } from './faults.ts';

/** A call on its way: whether it may not wait, whether it may leave by now, and whether a request has left for it. */
interface Call {
  readonly isUrgent: boolean;
  readonly mayLeave: () => GateAnswer;
  left: boolean;
}

const always = (): GateAnswer => ({ allowed: true });
const NOBODY: Call = { isUrgent: false, mayLeave: always, left: true };

/** Knows, deep inside ccxt, for which of our calls it works: several are under way on one instance. */
export class Calls {
  readonly #venue: string;
  readonly #current = new AsyncLocalStorage<Call>();
  /** Told of every call that fails, before its caller is. */
  onFailure: (error: VenueError) => void = () => undefined;

  constructor(venue: string) {
    this.#venue = venue;
  }

  get current(): Call {
    return this.#current.getStore() ?? NOBODY;
  }

  /**
   * Makes a call.
   *
   * @param mayLeave asked when its turn has come, before each request that it makes.
   * @throws VenueError whatever goes wrong in it.
   */
  async make<T>(call: () => Promise<T>, isUrgent = false, mayLeave = always): Promise<T> {
    const mark: Call = { isUrgent, mayLeave, left: false };
    try {
      return await this.#current.run(mark, call);
    } catch (error) {
      const failure = errorOfCall(this.#venue, error, mark.left);
      this.onFailure(failure);
      throw failure;
    }
  }
}
