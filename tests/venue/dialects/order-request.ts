import { baseAmount, MoneyError, price, quoteAmount } from '../../../core/domain/index.ts';
import type { OrderRequest, PositionSide, TimeInForce } from '../orders/order-record.ts';
import { Refusal } from '../orders/refusal.ts';
import type { VenueRequest } from '../rest/venue-request.ts';
import { madeUpId, marketOf, type World } from '../world.ts';

const TIMES_IN_FORCE: readonly TimeInForce[] = ['GTC', 'IOC', 'FOK', 'GTX'];
const POSITION_SIDES: readonly PositionSide[] = ['BOTH', 'LONG', 'SHORT'];

/** How a dialect calls what an order may have. */
export interface ParameterNames {
  readonly clientId: string;
  readonly stopPrice: string;
}

/** Reads an order out of a request. @throws Refusal where something is missing or makes no sense. */
export function orderRequest(world: World, request: VenueRequest, names: ParameterNames): OrderRequest {
  const market = marketOf(world, request.needed('symbol'));
  const side = request.needed('side') === 'BUY' ? 'buy' : 'sell';
  const type = request.needed('type');
  const timeInForce = oneOf(TIMES_IN_FORCE, request.text('timeInForce') ?? 'GTC', 'timeInForce');
  const positionSide = oneOf(POSITION_SIDES, request.text('positionSide') ?? 'BOTH', 'positionSide');
  const clientId = request.text(names.clientId) ?? madeUpId(world.random, '');
  if (!/^[.A-Z:/a-z0-9_-]{1,36}$/.test(clientId)) throw new Refusal('bad-parameter', names.clientId);
  const quoteAmountText = request.text('quoteOrderQty');
  const needsPrice =
    type.includes('LIMIT') ||
    type === 'STOP' ||
    (type === 'TAKE_PROFIT' && names.stopPrice === 'triggerPrice');
  const needsStop = /STOP|TAKE_PROFIT/.test(type);
  const amountText = quoteAmountText === undefined ? request.needed('quantity') : '0';
  return {
    ...{ symbol: market.symbol, side, type, timeInForce, positionSide, clientId },
    amount: money(() => baseAmount(amountText), 'quantity'),
    reduceOnly: request.flag('reduceOnly'),
    ...(quoteAmountText === undefined
      ? {}
      : { quoteAmount: money(() => quoteAmount(quoteAmountText), 'quoteOrderQty') }),
    ...(needsPrice ? { price: money(() => price(request.needed('price')), 'price') } : {}),
    ...(needsStop ? { stopPrice: money(() => price(request.needed(names.stopPrice)), names.stopPrice) } : {}),
  };
}

function money<T>(read: () => T, name: string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof MoneyError) throw new Refusal('bad-parameter', name);
    throw error;
  }
}

function oneOf<T extends string>(values: readonly T[], value: string, name: string): T {
  const found = values.find((one) => one === value);
  if (found === undefined) throw new Refusal('bad-parameter', name);
  return found;
}
