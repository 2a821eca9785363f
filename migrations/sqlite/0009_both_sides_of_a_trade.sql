-- Where an account trades with itself, both of its sides carry the one id of the trade. A constraint cannot be changed,
-- so the table is made anew. Dropping it fires no trigger.
CREATE TABLE fills_by_side (
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
  UNIQUE (symbol, trade_id, side),
  CHECK ((client_order_id IS NULL) = (purpose = 'external')),
  CHECK ((fee_asset IS NULL) = (fee_amount IS NULL) AND (fee_asset IS NULL) = (fee_quote_value IS NULL))
) STRICT;
INSERT INTO fills_by_side
  SELECT sequence, trade_id, client_order_id, venue_order_id, symbol, side, purpose, price, amount, fee_asset, fee_amount,
    fee_quote_value, liquidity, time
  FROM fills;
DROP TABLE fills;
ALTER TABLE fills_by_side RENAME TO fills;
CREATE INDEX fills_by_time ON fills (time);
CREATE TRIGGER fills_stay BEFORE UPDATE ON fills
BEGIN SELECT RAISE(ABORT, 'fills is append-only'); END;
CREATE TRIGGER fills_remain BEFORE DELETE ON fills
BEGIN SELECT RAISE(ABORT, 'fills is append-only'); END;
