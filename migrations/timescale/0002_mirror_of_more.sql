-- Who speaks for each instance: a program that finds another turn than its own here tells nothing more before it has
-- asked who that is.
CREATE TABLE tradebot_instances (
  instance TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  -- A digest of the machine and the place there.
  home TEXT NOT NULL,
  turn TEXT NOT NULL,
  -- The newest version told.
  told BIGINT NOT NULL DEFAULT 0
);
INSERT INTO tradebot_instances
  SELECT instance, max(account), '', '', max(version) FROM trade_history GROUP BY instance;

CREATE TABLE decisions (
  instance TEXT NOT NULL,
  version BIGINT NOT NULL,
  account TEXT NOT NULL,
  "timestamp" TIMESTAMPTZ NOT NULL,
  decision_id TEXT NOT NULL,
  symbol TEXT NOT NULL,
  timeframe TEXT NOT NULL,
  bar_open_time TIMESTAMPTZ NOT NULL,
  outcome TEXT NOT NULL,
  -- The whole record, as the program keeps it.
  document JSON NOT NULL,
  PRIMARY KEY (instance, "timestamp", decision_id)
);
CREATE INDEX decisions_by_symbol ON decisions (symbol, "timestamp");

CREATE TABLE candles (
  instance TEXT NOT NULL,
  version BIGINT NOT NULL,
  account TEXT NOT NULL,
  symbol TEXT NOT NULL,
  timeframe TEXT NOT NULL,
  "timestamp" TIMESTAMPTZ NOT NULL,
  open DOUBLE PRECISION NOT NULL,
  high DOUBLE PRECISION NOT NULL,
  low DOUBLE PRECISION NOT NULL,
  close DOUBLE PRECISION NOT NULL,
  volume DOUBLE PRECISION NOT NULL,
  taker_buy_volume DOUBLE PRECISION,
  PRIMARY KEY (instance, symbol, timeframe, "timestamp")
);

CREATE TABLE performance_metrics (
  instance TEXT NOT NULL,
  version BIGINT NOT NULL,
  account TEXT NOT NULL,
  "timestamp" TIMESTAMPTZ NOT NULL,
  equity NUMERIC NOT NULL,
  -- What profit is measured from; null: as at the point before.
  capital NUMERIC,
  PRIMARY KEY (instance, "timestamp")
);

-- A continuous aggregate of the same name takes its place where the server has those.
CREATE VIEW daily_equity AS
  SELECT instance, account, date_trunc('day', "timestamp", 'UTC') AS day,
    (array_agg(equity ORDER BY "timestamp"))[1] AS opening, max(equity) AS high, min(equity) AS low,
    (array_agg(equity ORDER BY "timestamp" DESC))[1] AS closing,
    (array_agg(equity - capital ORDER BY "timestamp" DESC))[1] AS profit
  FROM performance_metrics GROUP BY 1, 2, 3;
