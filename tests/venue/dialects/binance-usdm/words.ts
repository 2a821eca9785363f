import type { RefusalReason } from '../../orders/refusal.ts';
import { spotWords } from '../binance-spot/words.ts';
import type { RefusalCode, RefusalWords } from '../dialect.ts';

const no = (code: number, msg: string, status = 400): RefusalCode => ({ status, code, msg });

/** Where futures say it otherwise than spot. */
const OWN: Partial<Readonly<Record<RefusalReason, RefusalCode>>> = {
  'market-closed': no(-4140, 'Invalid symbol status for opening position.'),
  'price-filter': no(-4014, 'Price not increased by tick size.'),
  'lot-size': no(-4023, 'Qty not increased by step size.'),
  'min-notional': no(-4164, "Order's notional must be no smaller than 5 (unless you choose reduce only)."),
  'percent-price': no(-4016, "Limit price can't be higher than the mark price cap."),
  'too-many-stops': no(-4045, 'Reach max stop order limit.'),
  'duplicate-client-id': no(-4116, 'ClientOrderId is duplicated.'),
  'insufficient-balance': no(-2019, 'Margin is insufficient.'),
  'would-take': no(
    -5022,
    'Due to the order could not be executed as maker, the Post Only order will be rejected.',
  ),
  'would-trigger': no(-2021, 'Order would immediately trigger.'),
  'reduce-only': no(-2022, 'ReduceOnly Order is rejected.'),
  'position-side': no(-4061, "Order's position side does not match user's setting."),
  'conditional-type': no(
    -4120,
    'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.',
  ),
  'margin-unchanged': no(-4046, 'No need to change margin type.'),
  'position-mode-unchanged': no(-4059, 'No need to change position side.'),
  'position-open': no(-4048, 'Margin type cannot be changed if there exists position.'),
};

export const futuresWords: RefusalWords = (reason, detail, route) =>
  OWN[reason] ?? spotWords(reason, detail, route);
