import type { RefusalReason } from '../../orders/refusal.ts';
import type { RefusalCode, RefusalWords } from '../dialect.ts';

const no = (code: number, msg: string, status = 400): RefusalCode => ({ status, code, msg });
const filter = (name: string): RefusalCode => no(-1013, `Filter failure: ${name}`);

const WORDS: Readonly<Record<RefusalReason, RefusalCode>> = {
  'unknown-symbol': no(-1121, 'Invalid symbol.'),
  'market-closed': no(-1013, 'Market is closed.'),
  'missing-parameter': no(-1102, "Mandatory parameter '%' was not sent, was empty/null, or malformed."),
  'bad-parameter': no(-1130, "Data sent for parameter '%' is not valid."),
  'bad-order-type': no(-1116, 'Invalid orderType.'),
  'price-filter': filter('PRICE_FILTER'),
  'lot-size': filter('LOT_SIZE'),
  'min-notional': filter('NOTIONAL'),
  'percent-price': filter('PERCENT_PRICE_BY_SIDE'),
  'too-many-stops': filter('MAX_NUM_ALGO_ORDERS'),
  'duplicate-client-id': no(-2010, 'Duplicate order sent.'),
  'insufficient-balance': no(-2010, 'Account has insufficient balance for requested action.'),
  'would-take': no(-2010, 'Order would immediately match and take.'),
  'would-trigger': no(-2010, 'Stop price would trigger immediately.'),
  'unknown-order': no(-2011, 'Unknown order sent.'),
  'no-such-order': no(-2013, 'Order does not exist.'),
  'reduce-only': no(-1106, "Parameter 'reduceOnly' sent when not required."),
  'position-side': no(-1106, "Parameter 'positionSide' sent when not required."),
  'conditional-type': no(-1116, 'Invalid orderType.'),
  'margin-unchanged': no(-1000, 'An unknown error occurred while processing the request.'),
  'position-mode-unchanged': no(-1000, 'An unknown error occurred while processing the request.'),
  'position-open': no(-1000, 'An unknown error occurred while processing the request.'),
  'no-listen-key': no(-1125, 'This listenKey does not exist.'),
  'bad-key-format': no(-2014, 'API-key format invalid.', 401),
  'bad-key': no(-2015, 'Invalid API-key, IP, or permissions for action.', 401),
  'bad-address': no(-2015, 'Invalid API-key, IP, or permissions for action, request ip: 127.0.0.1', 401),
  'bad-signature': no(-1022, 'Signature for this request is not valid.'),
  'bad-timestamp': no(-1021, 'Timestamp for this request is outside of the recvWindow.'),
  'bad-receive-window': no(-1131, 'recvWindow must be less than 60000'),
  'time-window': no(-1127, 'More than 24 hours between startTime and endTime.'),
  'too-many-requests': no(-1003, 'Too many requests.', 429),
  banned: no(-1003, 'Way too many requests; IP banned.', 418),
  'unknown-path': no(-1000, 'Path % not found.', 404),
};

export const spotWords: RefusalWords = (reason, detail) => {
  const { status, code, msg } = WORDS[reason];
  return { status, code, msg: msg.replace('%', detail) };
};
