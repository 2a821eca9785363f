import type { VenueAccount } from '../../accounts/venue-account.ts';
import type { AlgoOrder } from '../../futures/algo-order.ts';
import { algoStateOf } from '../../futures/algo-order.ts';
import type { FuturesWorld } from '../../futures/futures-world.ts';
import { Refusal } from '../../orders/refusal.ts';
import { bySymbol, ordering, type Route, signed } from '../../rest/route.ts';
import { VenueRequest } from '../../rest/venue-request.ts';
import { marketOf } from '../../world.ts';
import { orderRequest } from '../order-request.ts';
import { algoRow } from './order-wire.ts';

const NAMES = { clientId: 'clientAlgoId', stopPrice: 'triggerPrice' };
const TYPES = ['STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET'];

/** Conditional orders: /fapi/v1/algoOrder and its like. */
export function algoRoutes(world: FuturesWorld): readonly Route[] {
  const { algos, views } = world;
  const find = (request: VenueRequest, account: VenueAccount): AlgoOrder | undefined => {
    const id = request.number('algoId');
    return algos.find(account.name, id === undefined ? { clientId: request.needed('clientAlgoId') } : { id });
  };
  /** Algo orders of the account that the answering node knows of. */
  const seen = (request: VenueRequest, account: VenueAccount): readonly AlgoOrder[] => {
    const symbol = request.text('symbol');
    if (symbol !== undefined) marketOf(world, symbol);
    const at = views.seenAt(request.route);
    return algos.all
      .filter((algo) => algo.account === account.name && algo.createdAt <= at)
      .filter(({ request: asked }) => symbol === undefined || asked.symbol.id === symbol)
      .map((algo) => ({ ...algo, states: algo.states.filter((state) => state.at <= at) }));
  };
  return [
    ordering('POST /fapi/v1/algoOrder', (request, account) => {
      if (!TYPES.includes(request.needed('type'))) throw new Refusal('bad-order-type');
      const closePosition = request.flag('closePosition');
      const asked = orderRequest(world, closePosition ? withAmount(request) : request, NAMES);
      const workingType = request.text('workingType') === 'MARK_PRICE' ? 'MARK_PRICE' : 'CONTRACT_PRICE';
      return algoRow(algos.place(account.name, asked, { closePosition, workingType }));
    }),
    signed('DELETE /fapi/v1/algoOrder', 1, (request, account) => {
      const algo = find(request, account);
      if (algo === undefined) throw new Refusal('unknown-order');
      algos.cancel(algo);
      return { algoId: algo.id, clientAlgoId: algo.request.clientId, code: '200', msg: 'success' };
    }),
    signed('DELETE /fapi/v1/algoOpenOrders', 1, (request, account) => {
      const { id } = marketOf(world, request.needed('symbol')).symbol;
      for (const algo of algos.open(account.name, id)) algos.cancel(algo);
      return { code: 200, msg: 'The operation of cancel all open order is done.' };
    }),
    signed('GET /fapi/v1/algoOrder', 1, (request, account) => {
      const algo = find(request, account);
      const known = seen(request, account).find(({ id }) => id === algo?.id);
      if (known === undefined) throw new Refusal('no-such-order');
      return algoRow(known);
    }),
    // A stop that hangs in TRIGGERING is in no list of open orders.
    signed('GET /fapi/v1/openAlgoOrders', bySymbol(1, 40), (request, account) =>
      seen(request, account)
        .filter((algo) => algoStateOf(algo).status === 'NEW')
        .map(algoRow),
    ),
    signed('GET /fapi/v1/allAlgoOrders', 5, (request, account) => seen(request, account).map(algoRow)),
  ];
}

/** An order that closes whatever is held names no amount. */
const withAmount = (request: VenueRequest): VenueRequest =>
  new VenueRequest(request.method, `${request.path}?${request.signed}&quantity=0`, '', request.apiKey);
