-- The order ledger. Intents, events and fills are only ever added; `orders` is the state they add up to, kept in the
-- same transaction for queries.
CREATE TABLE order_intents (
  client_order_id TEXT PRIMARY KEY,
  symbol TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  type TEXT NOT NULL CHECK (type IN ('market', 'limit', 'stop')),
  purpose TEXT NOT NULL CHECK (purpose IN ('entry', 'exit', 'protection', 'emergency')),
  amount TEXT NOT NULL,
  limit_price TEXT,
  stop_price TEXT,
  reduce_only INTEGER NOT NULL CHECK (reduce_only IN (0, 1)),
  decision_id TEXT,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE order_events (
  sequence INTEGER PRIMARY KEY,
  client_order_id TEXT NOT NULL REFERENCES order_intents (client_order_id),
  status TEXT NOT NULL,
  venue_order_id TEXT,
  reason TEXT,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX order_events_by_order ON order_events (client_order_id);

CREATE TABLE fills (
  sequence INTEGER PRIMARY KEY,
  trade_id TEXT NOT NULL,
  client_order_id TEXT NOT NULL REFERENCES order_intents (client_order_id),
  symbol TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  purpose TEXT NOT NULL,
  price TEXT NOT NULL,
  amount TEXT NOT NULL,
  fee_asset TEXT NOT NULL,
  fee_amount TEXT NOT NULL,
  fee_quote_value TEXT NOT NULL,
  liquidity TEXT NOT NULL CHECK (liquidity IN ('maker', 'taker')),
  time INTEGER NOT NULL,
  UNIQUE (symbol, trade_id)
) STRICT;
CREATE INDEX fills_by_time ON fills (time);

CREATE TABLE orders (
  sequence INTEGER PRIMARY KEY,
  client_order_id TEXT NOT NULL UNIQUE REFERENCES order_intents (client_order_id),
  symbol TEXT NOT NULL,
  status TEXT NOT NULL,
  venue_order_id TEXT,
  filled_amount TEXT NOT NULL,
  filled_notional TEXT NOT NULL,
  reason TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX orders_by_creation ON orders (created_at);
CREATE INDEX orders_by_symbol ON orders (symbol, created_at);
CREATE INDEX orders_unfinished ON orders (sequence)
  WHERE status IN ('INTENT', 'SENT', 'OPEN', 'PARTIALLY_FILLED', 'UNKNOWN');

-- A row replaced by INSERT OR REPLACE fires its delete trigger only with PRAGMA recursive_triggers, set at opening.
CREATE TRIGGER order_intents_stay BEFORE UPDATE ON order_intents
BEGIN SELECT RAISE(ABORT, 'order_intents is append-only'); END;
CREATE TRIGGER order_intents_remain BEFORE DELETE ON order_intents
BEGIN SELECT RAISE(ABORT, 'order_intents is append-only'); END;
CREATE TRIGGER order_events_stay BEFORE UPDATE ON order_events
BEGIN SELECT RAISE(ABORT, 'order_events is append-only'); END;
CREATE TRIGGER order_events_remain BEFORE DELETE ON order_events
BEGIN SELECT RAISE(ABORT, 'order_events is append-only'); END;
CREATE TRIGGER fills_stay BEFORE UPDATE ON fills
BEGIN SELECT RAISE(ABORT, 'fills is append-only'); END;
CREATE TRIGGER fills_remain BEFORE DELETE ON fills
BEGIN SELECT RAISE(ABORT, 'fills is append-only'); END;
