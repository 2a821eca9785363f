-- What prices each round trip saw while it was open. No fold over fills can say that, so it is kept apart from
-- trade_history, which is made anew from the ledger.
CREATE TABLE trade_excursions (
  -- That of trade_history.
  trade_id TEXT PRIMARY KEY,
  symbol TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  opened_at INTEGER NOT NULL,
  -- Of its first fill.
  first_price TEXT NOT NULL,
  -- Where its stop belonged then; null: it had none.
  first_stop TEXT,
  -- As candles have them.
  lowest REAL NOT NULL,
  highest REAL NOT NULL,
  -- Null while it is open.
  ended_at INTEGER
) STRICT;
CREATE INDEX trade_excursions_by_end ON trade_excursions (ended_at);
