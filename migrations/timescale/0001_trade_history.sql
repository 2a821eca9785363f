-- Tells this database from another one, also when it was made anew under the same name.
CREATE TABLE tradebot_server (id UUID PRIMARY KEY DEFAULT gen_random_uuid());
INSERT INTO tradebot_server DEFAULT VALUES;

-- The round trips of every installation that mirrors here. See migrations/sqlite for what the columns mean.
CREATE TABLE trade_history (
  instance TEXT NOT NULL,
  -- The change that it is: an older one never takes a newer one's place.
  version BIGINT NOT NULL,
  account TEXT NOT NULL,
  "timestamp" TIMESTAMPTZ NOT NULL,
  trade_id TEXT NOT NULL,
  symbol TEXT NOT NULL,
  side TEXT NOT NULL,
  order_type TEXT,
  amount NUMERIC NOT NULL,
  entry_price NUMERIC NOT NULL,
  exit_price NUMERIC,
  realized_pnl NUMERIC NOT NULL,
  pnl_pct NUMERIC NOT NULL,
  fees NUMERIC NOT NULL,
  market_regime TEXT,
  bull_confidence DOUBLE PRECISION,
  bear_confidence DOUBLE PRECISION,
  decision_confidence DOUBLE PRECISION,
  won BOOLEAN,
  closed BOOLEAN NOT NULL,
  close_timestamp TIMESTAMPTZ,
  agent_votes JSON,
  signals JSON,
  exit_reason TEXT,
  strategy TEXT,
  decision_id TEXT,
  PRIMARY KEY (instance, "timestamp", trade_id)
);
CREATE INDEX trade_history_by_symbol ON trade_history (symbol, "timestamp");
CREATE INDEX trade_history_by_won ON trade_history (won);
CREATE INDEX trade_history_by_regime ON trade_history (market_regime);

CREATE VIEW daily_pnl AS
  SELECT instance, account, date_trunc('day', close_timestamp AT TIME ZONE 'UTC') AS day, count(*) AS trades,
    sum(realized_pnl) AS realized_pnl, sum(fees) AS fees, count(*) FILTER (WHERE won) AS won
  FROM trade_history WHERE closed GROUP BY 1, 2, 3;
