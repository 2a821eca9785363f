import { keyRights, type VenueAccount } from '../../accounts/venue-account.ts';
import { open, type Route, signed } from '../../rest/route.ts';
import type { World } from '../../world.ts';

const BPS = 10_000;
const rate = (bps: number): string => (bps / BPS).toFixed(8);

/** The wallet's side of the venue (sapi), which is the same for spot and futures keys. */
export function walletRoutes(world: World): readonly Route[] {
  const assets = (): readonly string[] => {
    const traded = [...world.markets.values()].flatMap(({ symbol }) => [symbol.base, symbol.quote]);
    const held = [...world.accounts.values()].flatMap(({ holdings }) => [...holdings.assets().keys()]);
    return [...new Set([...traded, ...held])];
  };
  const fee = (id: string, account: VenueAccount) => ({
    ...{ symbol: id, makerCommission: rate(account.terms.makerBps) },
    takerCommission: rate(account.terms.takerBps),
  });
  const moved = (account: VenueAccount, sign: 1 | -1) =>
    world.transfers.filter(
      (transfer) => transfer.account === account.name && Math.sign(Number(transfer.change)) === sign,
    );
  return [
    open('GET /sapi/v1/system/status', 1, () => ({ status: 0, msg: 'normal' })),
    signed('GET /sapi/v1/capital/config/getall', 10, (_request, { holdings }) =>
      assets().map((coin) => ({
        ...{
          coin,
          name: coin,
          depositAllEnable: true,
          withdrawAllEnable: true,
          trading: true,
          isLegalMoney: false,
        },
        ...{ free: holdings.of(coin).free.toFixed(), locked: holdings.of(coin).locked.toFixed() },
        ...{ freeze: '0', ipoable: '0', ipoing: '0', storage: '0', withdrawing: '0', networkList: [] },
      })),
    ),
    signed('GET /sapi/v1/asset/tradeFee', 1, (request, account) => {
      const symbol = request.text('symbol');
      return (symbol === undefined ? [...world.markets.keys()] : [symbol]).map((id) => fee(id, account));
    }),
    signed('GET /sapi/v1/account/apiRestrictions', 1, (_request, account) =>
      keyRights(account, world.clock.now()),
    ),
    signed('GET /sapi/v1/margin/allPairs', 1, () => []),
    signed('GET /sapi/v1/margin/isolated/allPairs', 10, () => []),
    signed('GET /sapi/v1/capital/deposit/hisrec', 1, (_request, account) =>
      moved(account, 1).map(({ id, asset, change, at }) => ({
        ...{
          id: `${id}`,
          amount: change,
          coin: asset,
          network: asset,
          status: 1,
          address: 'local',
          addressTag: '',
        },
        ...{ txId: `deposit-${id}`, insertTime: at, completeTime: at, transferType: 0, confirmTimes: '1/1' },
      })),
    ),
    signed('GET /sapi/v1/capital/withdraw/history', 1, (_request, account) =>
      moved(account, -1).map(({ id, asset, change, at }) => ({
        ...{ id: `${id}`, amount: change.replace('-', ''), transactionFee: '0', coin: asset, status: 6 },
        ...{ address: 'local', txId: `withdrawal-${id}`, network: asset, transferType: 0 },
        applyTime: new Date(at).toISOString().replace('T', ' ').slice(0, 19),
      })),
    ),
  ];
}
