import {
  CallError,
  type MethodParsedParams,
  type MethodResult,
  type SecretView,
  type StartupView,
  type VenueChoice,
  type VenueView,
} from '../../contract/index.ts';
import type { Clock, Logger, Timers } from '../../domain/index.ts';
import { capabilitiesOf, venueIds } from '../../execution/index.ts';
import { NO_SECRETS } from '../installation/secrets.ts';
import type { HostMethod } from '../service/client-session.ts';
import type { KeyRing } from './key-ring.ts';
import { checkVenue, type VenueCheckOptions } from './venue-check.ts';

export interface VenueDeskOptions {
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  readonly booksFault: VenueCheckOptions['booksFault'];
  /** Writes the choice down and starts the engine anew. @throws CallError or TraderError before anything has changed. */
  readonly start: (request: MethodParsedParams<'venues.start'>) => Promise<StartupView>;
  /** Gives up the start that is under way. @throws CallError where there is none. */
  readonly giveUp: () => StartupView;
}

type Handlers = {
  readonly [N in HostMethod]: (params: MethodParsedParams<N>) => Promise<MethodResult<N>>;
};

/** What the trader does with venues before any of them is traded at: look, enter keys, check, choose. */
export class VenueDesk {
  readonly #options: VenueDeskOptions;
  readonly #handlers: Handlers;
  #venues: Promise<VenueView[]> | undefined;

  constructor(options: VenueDeskOptions) {
    this.#options = options;
    const { keys, log, clock, timers, booksFault } = options;
    this.#handlers = {
      'venues.list': () => this.#list(),
      'venues.keys': ({ exchange }) => this.#keys(exchange),
      'venues.keepKey': async ({ exchange, credential, value }) => {
        await this.#known(exchange);
        await keys.keep(exchange, credential, value);
        log.info({ exchange, credential }, 'a key was entered by the trader');
        return this.#keys(exchange);
      },
      'venues.forgetKey': async ({ exchange, credential }) => {
        await keys.forget(exchange, credential);
        log.info({ exchange, credential }, 'a key was forgotten at the word of the trader');
        return this.#keys(exchange);
      },
      'venues.check': async ({ choice, mode }) => {
        await this.#known(choice.exchange);
        const secrets = mode === 'paper' ? NO_SECRETS : await keys.forVenue(choice.exchange);
        return checkVenue({ choice, mode, secrets, clock, timers, log, booksFault });
      },
      'venues.start': async (request) => {
        await this.#known(request.choice.exchange);
        return options.start(request);
      },
      'venues.giveUp': async () => options.giveUp(),
    };
  }

  call<N extends HostMethod>(method: N, params: MethodParsedParams<N>): Promise<MethodResult<N>> {
    return this.#handlers[method](params);
  }

  #list(): Promise<VenueView[]> {
    this.#venues ??= allVenues();
    return this.#venues;
  }

  async #keys(exchange: string): Promise<SecretView[]> {
    const { credentials } = await this.#known(exchange);
    return this.#options.keys.keysOf(exchange, credentials);
  }

  async #known(id: VenueChoice['exchange']): Promise<VenueView> {
    const venue = (await this.#list()).find((each) => each.id === id);
    if (venue === undefined)
      throw new CallError('NOT_FOUND', `there is no venue ${id}: choose one of the list`);
    return venue;
  }
}

async function allVenues(): Promise<VenueView[]> {
  const venues = await Promise.all((await venueIds()).map(capabilitiesOf));
  return venues
    .flatMap((venue) => (venue === undefined ? [] : [venue]))
    .map(({ id, name, markets, credentials, refusals, ...is }) => ({
      ...{ id, hasTestNetwork: is.hasTestNetwork, isTraded: is.isTraded, isProven: is.isProven },
      // Letters in circles are in few fonts.
      name: name.normalize('NFKC'),
      markets: [...markets],
      credentials: [...credentials],
      refusals: [...refusals],
    }))
    .toSorted((a, b) => rankOf(b) - rankOf(a) || a.name.localeCompare(b.name, 'en'));
}

const rankOf = ({ isProven, isTraded }: VenueView): number => Number(isProven) + Number(isTraded);
