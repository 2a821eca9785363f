import type { Connection } from '../../domain/index.ts';

/** The connection of a feed that is on this machine: there from the opening to the end, for every symbol it has. */
export class FeedLife {
  #state: 'connecting' | 'connected' | 'closed' = 'connecting';

  get ended(): boolean {
    return this.#state === 'closed';
  }

  opened(): void {
    if (this.#state === 'connecting') this.#state = 'connected';
  }

  closed(): void {
    this.#state = 'closed';
  }

  connection(symbol: string, symbols: readonly string[]): Connection {
    if (!symbols.includes(symbol))
      return { state: 'closed', message: `there is no market data of ${symbol}` };
    return { state: this.#state, message: MESSAGES[this.#state] };
  }
}

const MESSAGES = {
  connecting: 'the market data is being opened',
  connected: '',
  closed: 'the market data was closed',
} as const;
