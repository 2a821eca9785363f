-- What prices a trade saw while it was open, as the program notes it: see migrations/sqlite. Null: not noted.
ALTER TABLE trade_history ADD COLUMN first_price NUMERIC;
ALTER TABLE trade_history ADD COLUMN first_stop NUMERIC;
ALTER TABLE trade_history ADD COLUMN lowest DOUBLE PRECISION;
ALTER TABLE trade_history ADD COLUMN highest DOUBLE PRECISION;
-- Worth of all open positions at that point, long and short alike. Null of a point that was stored without.
ALTER TABLE performance_metrics ADD COLUMN exposure NUMERIC;

-- The questions that the program's own pages ask, answered here with the same rows. Money is exact to the sixteenth decimal
-- of each trade, as in the program's totals, and of one currency a row: `quote` is what stands between the stroke and the colon of a symbol. Days are those of the end, hours and weekdays
-- those of the opening, all in UTC; the week begins on Monday, which is 0. A key is empty where a trade has none.
CREATE VIEW trade_shares AS
SELECT
  t.instance, t.account, d.dimension,
  split_part(regexp_replace(t.symbol, '^[^/]*/', ''), ':', 1) AS quote,
  CASE d.dimension
    WHEN 'all' THEN ''
    WHEN 'symbol' THEN t.symbol
    WHEN 'side' THEN t.side
    WHEN 'regime' THEN coalesce(t.market_regime, '')
    WHEN 'hour' THEN to_char(t."timestamp" AT TIME ZONE 'UTC', 'HH24')
    WHEN 'weekday' THEN (extract(isodow FROM t."timestamp" AT TIME ZONE 'UTC') - 1)::text
    WHEN 'exit' THEN coalesce(t.exit_reason, '')
    WHEN 'strategy' THEN coalesce(t.strategy, '')
    WHEN 'day' THEN to_char(t.close_timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD')
    WHEN 'month' THEN to_char(t.close_timestamp AT TIME ZONE 'UTC', 'YYYY-MM')
  END AS key,
  t.close_timestamp,
  t.won,
  CASE WHEN t.won THEN trunc(t.realized_pnl, 16) ELSE 0 END AS made,
  CASE WHEN t.won THEN 0 ELSE -trunc(t.realized_pnl, 16) END AS lost,
  trunc(t.fees, 16) AS fees,
  (extract(epoch FROM t.close_timestamp - t."timestamp") * 1000)::bigint AS held_ms
FROM trade_history t
CROSS JOIN (VALUES ('all'), ('symbol'), ('side'), ('regime'), ('hour'), ('weekday'), ('exit'), ('strategy'), ('day'), ('month'))
  AS d (dimension)
WHERE t.closed
UNION ALL
SELECT
  t.instance, t.account, 'voter',
  split_part(regexp_replace(t.symbol, '^[^/]*/', ''), ':', 1),
  (v.value ->> 'voter') || CASE
    WHEN v.value ->> 'kind' <> 'vote' THEN ' abstained'
    WHEN v.value ->> 'action' = 'HOLD' THEN ' held'
    WHEN (v.value ->> 'action' = 'BUY') = (t.side = 'buy') THEN ' for'
    ELSE ' against'
  END,
  t.close_timestamp,
  t.won,
  CASE WHEN t.won THEN trunc(t.realized_pnl, 16) ELSE 0 END,
  CASE WHEN t.won THEN 0 ELSE -trunc(t.realized_pnl, 16) END,
  trunc(t.fees, 16),
  (extract(epoch FROM t.close_timestamp - t."timestamp") * 1000)::bigint
FROM trade_history t
CROSS JOIN LATERAL json_array_elements(coalesce(t.agent_votes, '[]'::json)) AS v (value)
WHERE t.closed;

CREATE VIEW trade_totals AS
SELECT
  instance, account, dimension, quote, key, count(*) AS trades, count(*) FILTER (WHERE won) AS wins, sum(made) AS made,
  sum(lost) AS lost, sum(made) - sum(lost) AS net_pnl, sum(fees) AS fees, sum(held_ms)::bigint AS held_ms
FROM trade_shares GROUP BY instance, account, dimension, quote, key;

CREATE VIEW performance_by_symbol AS
  SELECT instance, account, quote, key AS symbol, trades, wins, made, lost, net_pnl, fees, held_ms
  FROM trade_totals WHERE dimension = 'symbol';
CREATE VIEW performance_by_side AS
  SELECT instance, account, quote, key AS side, trades, wins, made, lost, net_pnl, fees, held_ms
  FROM trade_totals WHERE dimension = 'side';
CREATE VIEW performance_by_regime AS
  SELECT instance, account, quote, key AS regime, trades, wins, made, lost, net_pnl, fees, held_ms
  FROM trade_totals WHERE dimension = 'regime';
CREATE VIEW performance_by_hour AS
  SELECT instance, account, quote, key AS hour, trades, wins, made, lost, net_pnl, fees, held_ms
  FROM trade_totals WHERE dimension = 'hour';
CREATE VIEW performance_by_weekday AS
  SELECT instance, account, quote, key AS weekday, trades, wins, made, lost, net_pnl, fees, held_ms
  FROM trade_totals WHERE dimension = 'weekday';
CREATE VIEW performance_by_exit AS
  SELECT instance, account, quote, key AS exit_reason, trades, wins, made, lost, net_pnl, fees, held_ms
  FROM trade_totals WHERE dimension = 'exit';
CREATE VIEW performance_by_strategy AS
  SELECT instance, account, quote, key AS strategy, trades, wins, made, lost, net_pnl, fees, held_ms
  FROM trade_totals WHERE dimension = 'strategy';
CREATE VIEW performance_by_voter AS
  SELECT instance, account, quote, key AS voter, trades, wins, made, lost, net_pnl, fees, held_ms
  FROM trade_totals WHERE dimension = 'voter';
CREATE VIEW monthly_pnl AS
  SELECT instance, account, quote, key AS month, trades, wins, made, lost, net_pnl, fees, held_ms
  FROM trade_totals WHERE dimension = 'month';

-- Its day is cut by time_bucket where the server has that: see core/storage/timescale/adopt.ts.
DROP VIEW daily_pnl;
CREATE VIEW daily_pnl AS
  SELECT instance, account, date_trunc('day', close_timestamp AT TIME ZONE 'UTC') AS day, count(*) AS trades,
    sum(realized_pnl) AS realized_pnl, sum(fees) AS fees, count(*) FILTER (WHERE won) AS won,
    split_part(regexp_replace(symbol, '^[^/]*/', ''), ':', 1) AS quote
  FROM trade_history WHERE closed GROUP BY 1, 2, 3, 8;

-- How many trades in a row won, and did not, in the order in which they ended; `current` is below 0 for a row that did not.
CREATE VIEW trade_streaks AS
WITH ended AS (
  SELECT instance, account, won,
    row_number() OVER whole AS place,
    row_number() OVER whole - row_number() OVER (
      PARTITION BY instance, account, won ORDER BY close_timestamp, "timestamp", trade_id COLLATE "C"
    ) AS island
  FROM trade_history WHERE closed
  WINDOW whole AS (PARTITION BY instance, account ORDER BY close_timestamp, "timestamp", trade_id COLLATE "C")
), rows_of AS (
  SELECT instance, account, won, count(*) AS length, max(place) AS last FROM ended GROUP BY instance, account, won, island
)
SELECT instance, account,
  coalesce(max(length) FILTER (WHERE won), 0) AS longest_win,
  coalesce(max(length) FILTER (WHERE NOT won), 0) AS longest_loss,
  (array_agg(CASE WHEN won THEN length ELSE -length END ORDER BY last DESC))[1] AS current
FROM rows_of GROUP BY instance, account;

-- How much of the time, from the first opening to the last end, each symbol was held.
CREATE VIEW time_held AS
SELECT p.instance, p.account, p.quote, p.symbol, p.held_ms, s.span_ms,
  CASE WHEN s.span_ms > 0 THEN p.held_ms::double precision / s.span_ms END AS held_share
FROM performance_by_symbol p
JOIN (
  SELECT instance, account,
    (extract(epoch FROM max(close_timestamp) FILTER (WHERE closed) - min("timestamp")) * 1000)::bigint AS span_ms
  FROM trade_history GROUP BY instance, account
) s USING (instance, account);

-- How much of the equity was at stake, by day: at its last point, on average over its points, and at most.
CREATE VIEW daily_exposure AS
SELECT instance, account, date_trunc('day', "timestamp" AT TIME ZONE 'UTC') AS day, count(*) AS points,
  (array_agg(exposure ORDER BY "timestamp" DESC))[1] AS closing_exposure,
  (array_agg(equity ORDER BY "timestamp" DESC))[1] AS closing_equity,
  avg(exposure::double precision / equity::double precision) AS mean_share,
  max(exposure::double precision / equity::double precision) AS highest_share
FROM performance_metrics WHERE exposure IS NOT NULL AND equity > 0 GROUP BY 1, 2, 3;
