import type { RefusalReason } from '../../orders/refusal.ts';
import type { RefusalCode, RefusalWords } from '../dialect.ts';

/** Refusals come with HTTP 200, and some of the texts are guessed: the codes count. */
const no = (code: number, msg: string): RefusalCode => ({ status: 200, code, msg });

const WORDS: Readonly<Record<RefusalReason, RefusalCode>> = {
  'unknown-symbol': no(10001, 'Not supported symbols'),
  'market-closed': no(170105, 'Trading is suspended.'),
  'missing-parameter': no(10001, 'params error: % is missing'),
  'bad-parameter': no(10001, 'params error: % invalid'),
  'bad-order-type': no(170115, 'Invalid order type.'),
  'price-filter': no(170134, 'Order price has too many decimals.'),
  'lot-size': no(170137, 'Order volume decimal too long.'),
  'min-notional': no(170140, 'Order value exceeded lower limit.'),
  'percent-price': no(170193, 'Buy order price cannot be higher than the limit.'),
  'too-many-stops': no(170210, 'New order rejected.'),
  'duplicate-client-id': no(170141, 'Duplicate clientOrderId'),
  'insufficient-balance': no(170131, 'Insufficient balance.'),
  'would-take': no(170210, 'New order rejected.'),
  'would-trigger': no(170210, 'New order rejected.'),
  'unknown-order': no(170213, 'Order does not exist.'),
  'no-such-order': no(170213, 'Order does not exist.'),
  'reduce-only': no(10001, 'params error'),
  'position-side': no(10001, 'params error'),
  'conditional-type': no(10001, 'params error'),
  'margin-unchanged': no(110026, 'Margin mode is not modified'),
  'position-mode-unchanged': no(110025, 'Position mode is not modified'),
  'position-open': no(110024, 'You have an existing position'),
  'no-listen-key': no(10001, 'params error'),
  'bad-key-format': no(10003, 'API key is invalid.'),
  'bad-key': no(10003, 'API key is invalid.'),
  'bad-address': no(10010, 'Unmatched IP, please check your API key’s bound IP addresses.'),
  'bad-signature': no(10004, 'error sign! please check your signature generation algorithm.'),
  'bad-timestamp': no(10002, 'invalid request, please check your server timestamp or recv_window param.'),
  'bad-receive-window': no(10001, 'params error: recv_window'),
  'time-window': no(10001, 'The interval between the startTime and endTime is incorrect.'),
  'too-many-requests': no(10006, 'Too many visits!'),
  banned: no(10018, 'Exceeded the IP Rate Limit.'),
  'unknown-path': { status: 404, code: 404, msg: 'not found %' },
};

export const bybitWords: RefusalWords = (reason, detail) => {
  const { status, code, msg } = WORDS[reason];
  return { status, code, msg: msg.replace('%', detail) };
};
