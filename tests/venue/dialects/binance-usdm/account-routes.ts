import { text } from '../../../../core/domain/index.ts';
import type { FuturesWorld } from '../../futures/futures-world.ts';
import { MAINTENANCE } from '../../futures/margin.ts';
import type { Position } from '../../futures/position-book.ts';
import { Refusal } from '../../orders/refusal.ts';
import { type Route, signed } from '../../rest/route.ts';
import { marketOf } from '../../world.ts';
import { pageOf } from '../page.ts';
import { accountRow, assetRow, oldPositionRow, positionRow } from './account-wire.ts';

const BPS = 10_000;
const HIGHEST_LEVERAGE = 125;
const DONE = { code: 200, msg: 'success' };

/** What an account has, and how it has set its symbols. */
export function futuresAccountRoutes(world: FuturesWorld): readonly Route[] {
  const { clock, funds, incomes, markets } = world;
  const held = (account: string): readonly Position[] =>
    funds
      .of(account)
      .positions.all()
      .filter(({ amount }) => !amount.isZero());
  /** Every symbol, also those where nothing is held. */
  const every = (account: string, symbol?: string): readonly Position[] => {
    const { positions } = funds.of(account);
    for (const id of markets.keys()) positions.of(id);
    return positions.all().filter((position) => symbol === undefined || position.symbol === symbol);
  };
  const config = (account: string, id: string): unknown => ({
    ...{ symbol: id, marginType: funds.of(account).marginType(id) === 'isolated' ? 'ISOLATED' : 'CROSSED' },
    ...{ isAutoAddMargin: false, leverage: funds.of(account).leverage(id), maxNotionalValue: '10000000' },
  });
  return [
    signed('GET /fapi/v3/account', 5, (_request, account) => {
      const rows = held(account.name).map((position) => positionRow(world, account.name, position));
      return accountRow(world, account, rows, clock.now());
    }),
    signed('GET /fapi/v2/account', 5, (_request, account) => {
      const rows = every(account.name).map((position) => oldPositionRow(world, account.name, position));
      return accountRow(world, account, rows, clock.now());
    }),
    ...['v2', 'v3'].map((version) =>
      signed(`GET /fapi/${version}/balance`, 5, (_request, account) => {
        const row = assetRow(world, account.name, clock.now());
        return [{ ...row, accountAlias: 'local', balance: row.walletBalance }];
      }),
    ),
    signed('GET /fapi/v3/positionRisk', 5, (request, account) => {
      const symbol = request.text('symbol');
      return held(account.name)
        .filter((position) => symbol === undefined || position.symbol === symbol)
        .map((position) => positionRow(world, account.name, position));
    }),
    signed('GET /fapi/v2/positionRisk', 5, (request, account) =>
      every(account.name, request.text('symbol')).map((position) =>
        oldPositionRow(world, account.name, position),
      ),
    ),
    signed('GET /fapi/v1/leverageBracket', 1, () =>
      [...markets.keys()].map((symbol) => ({
        symbol,
        brackets: [
          {
            ...{ bracket: 1, initialLeverage: HIGHEST_LEVERAGE, notionalCap: 10_000_000, notionalFloor: 0 },
            ...{ maintMarginRatio: MAINTENANCE, cum: 0 },
          },
        ],
      })),
    ),
    signed('GET /fapi/v1/symbolConfig', 5, (request, account) => {
      const symbol = request.text('symbol');
      return (symbol === undefined ? [...markets.keys()] : [symbol]).map((id) => config(account.name, id));
    }),
    signed('GET /fapi/v1/accountConfig', 5, (_request, { name }) => ({
      ...{ feeTier: 0, canTrade: true, canDeposit: true, canWithdraw: true, multiAssetsMargin: false },
      dualSidePosition: funds.of(name).isDual,
    })),
    signed('GET /fapi/v1/commissionRate', 20, (request, { terms }) => ({
      symbol: request.needed('symbol'),
      makerCommissionRate: (terms.makerBps / BPS).toFixed(6),
      takerCommissionRate: (terms.takerBps / BPS).toFixed(6),
    })),
    signed('POST /fapi/v1/leverage', 1, (request, { name }) => {
      const { id } = marketOf(world, request.needed('symbol')).symbol;
      const leverage = Number(request.needed('leverage'));
      if (!(leverage >= 1 && leverage <= HIGHEST_LEVERAGE)) throw new Refusal('bad-parameter', 'leverage');
      funds.of(name).setLeverage(id, leverage);
      return { symbol: id, leverage, maxNotionalValue: '10000000' };
    }),
    signed('POST /fapi/v1/marginType', 1, (request, { name }) => {
      const { id } = marketOf(world, request.needed('symbol')).symbol;
      const type = request.needed('marginType') === 'ISOLATED' ? 'isolated' : 'cross';
      if (funds.of(name).marginType(id) === type) throw new Refusal('margin-unchanged');
      if (held(name).some(({ symbol }) => symbol === id)) throw new Refusal('position-open');
      funds.of(name).setMarginType(id, type);
      return DONE;
    }),
    signed('GET /fapi/v1/positionSide/dual', 30, (_request, { name }) => ({
      dualSidePosition: funds.of(name).isDual,
    })),
    signed('POST /fapi/v1/positionSide/dual', 1, (request, { name }) => {
      const isDual = request.flag('dualSidePosition');
      if (funds.of(name).isDual === isDual) throw new Refusal('position-mode-unchanged');
      if (held(name).length > 0) throw new Refusal('position-open');
      funds.of(name).isDual = isDual;
      return DONE;
    }),
    signed('GET /fapi/v1/multiAssetsMargin', 30, () => ({ multiAssetsMargin: false })),
    signed('GET /fapi/v1/income', 30, (request, { name }) => {
      const [type, symbol] = [request.text('incomeType'), request.text('symbol')];
      const { start = 0, end = clock.now(), limit } = pageOf(request, 'fromId');
      return incomes.all
        .filter((income) => income.account === name && income.at >= start && income.at <= end)
        .filter((income) => type === undefined || income.type === type)
        .filter((income) => symbol === undefined || income.symbol === symbol)
        .slice(0, limit)
        .map(({ symbol: of, type: incomeType, amount, at, id, tradeId }) => ({
          ...{ symbol: of, incomeType, income: text(amount), asset: 'USDT', info: incomeType, time: at },
          ...{ tranId: id, tradeId: tradeId === null ? '' : `${tradeId}` },
        }));
    }),
  ];
}
