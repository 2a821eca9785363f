/** What a venue says that a key may do; null: it does not tell. */
export interface KeyRights {
  readonly trading: boolean | null;
  readonly withdrawals: boolean | null;
  /** Whether it works from certain addresses only. */
  readonly ipRestricted: boolean | null;
}
