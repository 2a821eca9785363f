import type { AssetAmount } from '../../core/domain/index.ts';
import type { AccountEvent } from './accounts/account-events.ts';
import type { VenueAccount } from './accounts/venue-account.ts';
import { spotDialect } from './dialects/binance-spot/spot-dialect.ts';
import { futuresDialect } from './dialects/binance-usdm/futures-dialect.ts';
import { bybitDialect } from './dialects/bybit-spot/bybit-dialect.ts';
import type { Dialect } from './dialects/dialect.ts';
import { FuturesFunds } from './futures/futures-funds.ts';
import { type FuturesWorld, futuresWorld } from './futures/futures-world.ts';
import { futuresImbalance } from './futures/imbalance.ts';
import { randomFor } from './market/seeds.ts';
import type { VenueMarket } from './market/venue-market.ts';
import type { Funds } from './orders/funds.ts';
import { spotImbalance } from './spot/imbalance.ts';
import { SpotFunds } from './spot/spot-funds.ts';
import type { World } from './world.ts';

export type DialectName = 'binance-spot' | 'binance-usdm' | 'bybit-spot';

/** What differs between coins and contracts: whose money it is, how it is said, and what must add up. */
export interface Kind {
  readonly funds: Funds;
  readonly finish: (
    world: World,
    serverTime: () => number,
    hear: (listener: (event: AccountEvent) => void) => void,
  ) => {
    readonly dialect: Dialect;
    readonly futures: FuturesWorld | null;
    readonly imbalance: () => Imbalance;
  };
}

export type Imbalance = ReadonlyMap<string, AssetAmount>;

type Accounts = ReadonlyMap<string, VenueAccount>;
type Markets = ReadonlyMap<string, VenueMarket>;

export function kindOf(name: DialectName, accounts: Accounts, markets: Markets, seed: number): Kind {
  if (name === 'binance-usdm') return futuresKind(accounts, markets, seed);
  return spotKind(accounts, markets, name === 'bybit-spot' ? bybitDialect : spotDialect);
}

function spotKind(accounts: Accounts, markets: Markets, speak: typeof spotDialect): Kind {
  const funds = new SpotFunds(accounts, markets);
  return {
    funds,
    finish: (world, serverTime) => ({
      dialect: speak(world, serverTime),
      futures: null,
      imbalance: () => spotImbalance(accounts.values(), funds, world.transfers),
    }),
  };
}

function futuresKind(accounts: Accounts, markets: Markets, seed: number): Kind {
  const funds = new FuturesFunds(accounts, markets);
  return {
    funds,
    finish: (plain, serverTime, listen) => {
      const { world, hear } = futuresWorld(plain, funds, randomFor(seed, 'funding'));
      listen(hear);
      return {
        dialect: futuresDialect(world, serverTime),
        futures: world,
        imbalance: () => futuresImbalance(accounts.values(), funds, markets, world.transfers),
      };
    },
  };
}
