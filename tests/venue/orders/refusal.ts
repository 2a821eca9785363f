/** Why a venue does not do what it is asked. Each dialect says it with codes and words of its own. */
export type RefusalReason =
  | 'unknown-symbol'
  | 'market-closed'
  | 'missing-parameter'
  | 'bad-parameter'
  | 'bad-order-type'
  | 'price-filter'
  | 'lot-size'
  | 'min-notional'
  | 'percent-price'
  | 'too-many-stops'
  | 'duplicate-client-id'
  | 'insufficient-balance'
  | 'would-take'
  | 'would-trigger'
  | 'unknown-order'
  | 'no-such-order'
  | 'reduce-only'
  | 'position-side'
  | 'conditional-type'
  | 'margin-unchanged'
  | 'position-mode-unchanged'
  | 'position-open'
  | 'no-listen-key'
  | 'bad-key-format'
  | 'bad-key'
  | 'bad-address'
  | 'bad-signature'
  | 'bad-timestamp'
  | 'bad-receive-window'
  | 'time-window'
  | 'too-many-requests'
  | 'banned'
  | 'unknown-path';

/** The venue has said no: nothing was done. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: RefusalReason;
  readonly detail: string;

  constructor(reason: RefusalReason, detail = '') {
    super(detail === '' ? reason : `${reason}: ${detail}`);
    this.reason = reason;
    this.detail = detail;
  }
}
