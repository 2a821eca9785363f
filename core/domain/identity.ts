/** Ids are text with a brand, so that one kind cannot be taken for another. */
declare const identity: unique symbol;
type Identity<Name extends string> = string & { readonly [identity]: Name };

/** Our id of an order, chosen before it is sent and reused by every retry. */
export type ClientOrderId = Identity<'ClientOrderId'>;
/** The venue's id of an order. */
export type VenueOrderId = Identity<'VenueOrderId'>;
/** The venue's id of a trade; its two sides have it in common. */
export type TradeId = Identity<'TradeId'>;
/** Id of money that moved by another way than a fill, as the venue or we named it; counted once. */
export type AccountEventId = Identity<'AccountEventId'>;
/** Id of the decision on one closed bar; the correlation id of everything that follows from it. */
export type DecisionId = Identity<'DecisionId'>;

// Brands have no run-time form: these casts are where text becomes an id.
export const clientOrderId = (text: string): ClientOrderId => text as ClientOrderId;
export const venueOrderId = (text: string): VenueOrderId => text as VenueOrderId;
export const tradeId = (text: string): TradeId => text as TradeId;
export const accountEventId = (text: string): AccountEventId => text as AccountEventId;
export const decisionId = (text: string): DecisionId => text as DecisionId;
