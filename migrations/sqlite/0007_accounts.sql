-- What real venues need: orders that expire, fills of other hands and fees told later, and money that moves by another
-- way than a fill.
ALTER TABLE order_intents ADD COLUMN expires_at INTEGER;

-- A column's NOT NULL cannot be taken away, so the table is made anew. Dropping it fires no trigger.
CREATE TABLE fills_with_others (
  sequence INTEGER PRIMARY KEY,
  trade_id TEXT NOT NULL,
  -- Null for what was not an order of ours.
  client_order_id TEXT REFERENCES order_intents (client_order_id),
  venue_order_id TEXT,
  symbol TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  purpose TEXT NOT NULL,
  price TEXT NOT NULL,
  amount TEXT NOT NULL,
  -- All three null while the venue has not told the fee.
  fee_asset TEXT,
  fee_amount TEXT,
  fee_quote_value TEXT,
  liquidity TEXT NOT NULL CHECK (liquidity IN ('maker', 'taker')),
  time INTEGER NOT NULL,
  UNIQUE (symbol, trade_id),
  CHECK ((client_order_id IS NULL) = (purpose = 'external')),
  CHECK ((fee_asset IS NULL) = (fee_amount IS NULL) AND (fee_asset IS NULL) = (fee_quote_value IS NULL))
) STRICT;
INSERT INTO fills_with_others
  SELECT sequence, trade_id, client_order_id, NULL, symbol, side, purpose, price, amount, fee_asset, fee_amount,
    fee_quote_value, liquidity, time
  FROM fills;
DROP TABLE fills;
ALTER TABLE fills_with_others RENAME TO fills;
CREATE INDEX fills_by_time ON fills (time);
CREATE TRIGGER fills_stay BEFORE UPDATE ON fills
BEGIN SELECT RAISE(ABORT, 'fills is append-only'); END;
CREATE TRIGGER fills_remain BEFORE DELETE ON fills
BEGIN SELECT RAISE(ABORT, 'fills is append-only'); END;

CREATE TABLE account_events (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (
    kind IN ('opening', 'deposit', 'withdrawal', 'funding', 'interest', 'conversion', 'fee', 'external')
  ),
  asset TEXT NOT NULL,
  amount TEXT NOT NULL,
  quote_value TEXT NOT NULL,
  symbol TEXT,
  trade_id TEXT,
  time INTEGER NOT NULL,
  note TEXT NOT NULL,
  -- How many fills there were before it: with them it tells one story in one order.
  after_fills INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX account_events_open_once ON account_events (kind) WHERE kind = 'opening';
CREATE TRIGGER account_events_stay BEFORE UPDATE ON account_events
BEGIN SELECT RAISE(ABORT, 'account_events is append-only'); END;
CREATE TRIGGER account_events_remain BEFORE DELETE ON account_events
BEGIN SELECT RAISE(ABORT, 'account_events is append-only'); END;

-- What profit was measured from at that time; null in points that are older than the column.
ALTER TABLE equity ADD COLUMN capital TEXT;

-- The simulated venue knows an order by its own id: ours may be missing, or used again.
CREATE TABLE venue_orders_by_own_id (
  sequence INTEGER PRIMARY KEY,
  venue_order_id TEXT NOT NULL UNIQUE,
  client_order_id TEXT,
  document TEXT NOT NULL,
  -- Before this moment of market time the order has no effect; null where nothing delays it.
  active_at INTEGER,
  -- When the venue ends it; null where it works until it is cancelled.
  expires_at INTEGER
) STRICT;
INSERT INTO venue_orders_by_own_id
  SELECT sequence, json_extract(document, '$.venueOrderId'), client_order_id, document, NULL, NULL FROM venue_orders;
DROP TABLE venue_orders;
ALTER TABLE venue_orders_by_own_id RENAME TO venue_orders;

CREATE TABLE venue_account_events (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  document TEXT NOT NULL
) STRICT;
