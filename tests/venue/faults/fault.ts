/** What can go wrong, and what is meant by it. */
export const FAULTS = {
  'lost-answer': 'the request is carried out, the connection is cut before the answer',
  'lost-request': 'the connection is cut before anything is done',
  'late-request': 'the request arrives `ms` later than it was sent',
  'late-answer': 'the request is carried out at once, the answer comes `ms` later',
  'cut-json': 'HTTP 200 with half of the body',
  'empty-answer': 'HTTP 200 with a document that has nothing in it',
  'unknown-outcome': '503 with -1006: the request was carried out',
  timeout: '503 with -1007: the request was not carried out, and the venue does not say',
  'held-back':
    '503 with -1007: the request is carried out when somebody lets it arrive, however old it is by then',
  'bad-gateway': '503 with a page in HTML, nothing done',
  'too-many-requests': '429 with Retry-After of `ms`',
  banned: '418 with Retry-After of `ms`',
  'key-revoked': 'every signed request of the account `on` is refused with -2015',
  'clock-skew': "the venue's clock is `ms` ahead",
  'list-lag': 'what is asked of orders, fills, positions and spot balances is `ms` old',
  'orders-purged': 'orders that ended more than `ms` ago are not found any more',
  'duplicate-events': 'a user event comes twice',
  'reordered-events': 'a user event comes after the one that follows it',
  'late-events': 'a user event comes `ms` later',
  'lost-events': 'a user event never comes',
  'dropped-sockets': 'every socket whose path contains `on` is closed',
  'half-open-sockets': 'sockets stay open and are silent, pings included',
  'user-stream-expired': 'the user stream ends, as after its hour or its day',
  'garbage-frame': 'a frame that is no JSON on every socket whose path contains `on`',
  'missing-depth-update': 'a depth update is left out',
  maintenance: 'the symbol `on` takes no orders and does not trade',
  delisted: 'the symbol `on` is gone for good, its orders end',
  'filters-changed': 'the lot, tick and least value of the symbol `on` are ten times what they were',
  'stop-hangs': 'a triggered stop stays TRIGGERING and sends no order',
  'stop-refused': 'a conditional order is refused',
} as const;

export type FaultName = keyof typeof FAULTS;

export interface Fault {
  readonly name: FaultName;
  /** Milliseconds of venue time after the opening; absent: at once. */
  readonly at?: number;
  /** How long it lasts; absent: until it has struck `times` times, and once where neither is given. */
  readonly forMs?: number;
  readonly times?: number;
  /** What it strikes: part of a request ('POST /api/v3/order'), a symbol's id, a stream, an account. */
  readonly on?: string;
  /** Its size in milliseconds: a lag, a delay, a skew. */
  readonly ms?: number;
}

/** A fault that struck. */
export interface FaultStrike {
  readonly at: number;
  readonly name: FaultName;
  readonly subject: string;
}
