-- Trades that the trader made elsewhere, or before: shown beside those of the ledger, and in no position, cash or figure of
-- the account.
CREATE TABLE trade_imports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- A file's name.
  source TEXT NOT NULL,
  imported_at INTEGER NOT NULL
) STRICT;
CREATE TABLE imported_fills (
  symbol TEXT NOT NULL,
  trade_id TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  time INTEGER NOT NULL,
  price TEXT NOT NULL,
  amount TEXT NOT NULL,
  fee_asset TEXT,
  fee_amount TEXT,
  fee_quote_value TEXT,
  import_id INTEGER NOT NULL REFERENCES trade_imports (id),
  PRIMARY KEY (symbol, trade_id, side)
) STRICT;
CREATE INDEX imported_fills_by_time ON imported_fills (symbol, time);
CREATE INDEX imported_fills_by_import ON imported_fills (import_id);
-- A fold over the fills of a symbol, made anew with each change of them.
CREATE TABLE imported_trades (
  timestamp INTEGER NOT NULL,
  trade_id TEXT NOT NULL,
  symbol TEXT NOT NULL,
  side TEXT NOT NULL,
  amount TEXT NOT NULL,
  entry_price TEXT NOT NULL,
  exit_price TEXT NOT NULL,
  realized_pnl TEXT NOT NULL,
  pnl_pct TEXT NOT NULL,
  fees TEXT NOT NULL,
  won INTEGER NOT NULL,
  close_timestamp INTEGER NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (timestamp, trade_id)
) STRICT;
CREATE INDEX imported_trades_by_symbol ON imported_trades (symbol);
CREATE INDEX imported_trades_by_close ON imported_trades (close_timestamp);
-- As trade_history has its rows.
CREATE VIEW imported_history AS
SELECT timestamp, trade_id, symbol, side, NULL AS order_type, amount, entry_price, exit_price, realized_pnl, pnl_pct, fees,
  NULL AS market_regime, NULL AS bull_confidence, NULL AS bear_confidence, NULL AS decision_confidence, won, 1 AS closed,
  close_timestamp, NULL AS agent_votes, NULL AS signals, 'external' AS exit_reason, NULL AS strategy, NULL AS decision_id, source
FROM imported_trades;
