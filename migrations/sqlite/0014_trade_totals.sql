-- What the finished round trips of each UTC day came to, by each of what the trader asks by. Adding up a million rows of
-- decimal text takes seconds, and the event loop waits for it; adding up days takes milliseconds. Triggers keep the totals
-- in the transaction that writes a trade, whoever writes it: as the row was is taken away, as it is put in.

-- Money in two integers, so that sums are exact: millionths, and what is left in 10^-16 (a rest below that is cut off,
-- which over a million trades is less than 10^-9). What a
-- venue reports without sense keeps no trade from being written: more than 10^12 counts as that, and sums end at 9 * 10^12.
ALTER TABLE trade_history ADD COLUMN pnl_micros INTEGER AS (
  iif(realized_pnl LIKE '-%', -1, 1) * (
    min(CAST(ltrim(substr(realized_pnl, 1, instr(realized_pnl || '.', '.') - 1), '-') AS INTEGER), 1000000000000) * 1000000
    + CAST(substr(substr(realized_pnl, instr(realized_pnl || '.', '.') + 1) || '000000', 1, 6) AS INTEGER))) VIRTUAL;
ALTER TABLE trade_history ADD COLUMN pnl_rest INTEGER AS (
  iif(realized_pnl LIKE '-%', -1, 1) * CAST(
    substr(substr(realized_pnl, instr(realized_pnl || '.', '.') + 1) || '0000000000000000', 7, 10) AS INTEGER)) VIRTUAL;
ALTER TABLE trade_history ADD COLUMN fees_micros INTEGER AS (
  iif(fees LIKE '-%', -1, 1) * (
    min(CAST(ltrim(substr(fees, 1, instr(fees || '.', '.') - 1), '-') AS INTEGER), 1000000000000) * 1000000
    + CAST(substr(substr(fees, instr(fees || '.', '.') + 1) || '000000', 1, 6) AS INTEGER))) VIRTUAL;
ALTER TABLE trade_history ADD COLUMN fees_rest INTEGER AS (
  iif(fees LIKE '-%', -1, 1) * CAST(
    substr(substr(fees, instr(fees || '.', '.') + 1) || '0000000000000000', 7, 10) AS INTEGER)) VIRTUAL;
-- The currency of its money: of `ETH/BTC:BTC-250627` what stands between the stroke and the colon.
ALTER TABLE trade_history ADD COLUMN quote TEXT AS (
  substr(substr(symbol, instr(symbol, '/') + 1), 1, instr(substr(symbol, instr(symbol, '/') + 1) || ':', ':') - 1)) VIRTUAL;

CREATE TABLE trade_totals (
  dimension TEXT NOT NULL,
  quote TEXT NOT NULL,
  -- Empty where a trade has none.
  key TEXT NOT NULL,
  -- On which the trades ended, in days since the epoch.
  day INTEGER NOT NULL,
  trades INTEGER NOT NULL,
  wins INTEGER NOT NULL,
  made_micros INTEGER NOT NULL,
  made_rest INTEGER NOT NULL,
  lost_micros INTEGER NOT NULL,
  lost_rest INTEGER NOT NULL,
  fees_micros INTEGER NOT NULL,
  fees_rest INTEGER NOT NULL,
  held_ms INTEGER NOT NULL,
  PRIMARY KEY (dimension, quote, key, day)
) STRICT, WITHOUT ROWID;

-- What a trade adds to the totals: a row for each dimension, and for each voter whether it was for the trade. Hours and
-- weekdays are those of the opening, which is what is decided on; the week begins on Monday, which is 0.
CREATE VIEW trade_shares AS
SELECT
  t.timestamp, t.trade_id, d.dimension, t.quote,
  CASE d.dimension
    WHEN 'all' THEN ''
    WHEN 'symbol' THEN t.symbol
    WHEN 'side' THEN t.side
    WHEN 'regime' THEN ifnull(t.market_regime, '')
    WHEN 'hour' THEN ifnull(strftime('%H', t.timestamp / 1000, 'unixepoch'), '')
    WHEN 'weekday' THEN CAST((t.timestamp / 86400000 + 3) % 7 AS TEXT)
    WHEN 'exit' THEN ifnull(t.exit_reason, '')
    WHEN 'strategy' THEN ifnull(t.strategy, '')
  END AS key,
  t.close_timestamp / 86400000 AS day,
  1 AS trades,
  t.won AS wins,
  iif(t.won, t.pnl_micros, 0) AS made_micros, iif(t.won, t.pnl_rest, 0) AS made_rest,
  iif(t.won, 0, -t.pnl_micros) AS lost_micros, iif(t.won, 0, -t.pnl_rest) AS lost_rest,
  t.fees_micros, t.fees_rest,
  t.close_timestamp - t.timestamp AS held_ms
FROM trade_history t
CROSS JOIN (
  SELECT column1 AS dimension
  FROM (VALUES ('all'), ('symbol'), ('side'), ('regime'), ('hour'), ('weekday'), ('exit'), ('strategy'))
) d
WHERE t.closed
UNION ALL
SELECT
  t.timestamp, t.trade_id, 'voter', t.quote,
  json_extract(v.value, '$.voter') || CASE
    WHEN json_extract(v.value, '$.kind') <> 'vote' THEN ' abstained'
    WHEN json_extract(v.value, '$.action') = 'HOLD' THEN ' held'
    WHEN (json_extract(v.value, '$.action') = 'BUY') = (t.side = 'buy') THEN ' for'
    ELSE ' against'
  END,
  t.close_timestamp / 86400000, 1, t.won,
  iif(t.won, t.pnl_micros, 0), iif(t.won, t.pnl_rest, 0),
  iif(t.won, 0, -t.pnl_micros), iif(t.won, 0, -t.pnl_rest),
  t.fees_micros, t.fees_rest,
  t.close_timestamp - t.timestamp
FROM trade_history t, json_each(ifnull(t.agent_votes, '[]')) v
WHERE t.closed;

CREATE TRIGGER trade_totals_added AFTER INSERT ON trade_history WHEN NEW.closed BEGIN
  INSERT INTO trade_totals
  SELECT dimension, quote, key, day, trades, wins,
    made_micros, made_rest, lost_micros, lost_rest, fees_micros, fees_rest, held_ms
  FROM trade_shares WHERE timestamp = NEW.timestamp AND trade_id = NEW.trade_id
  ON CONFLICT DO UPDATE SET
    trades = trades + excluded.trades, wins = wins + excluded.wins,
    made_micros = max(-9000000000000000000, min(9000000000000000000, made_micros + excluded.made_micros)), made_rest = made_rest + excluded.made_rest,
    lost_micros = max(-9000000000000000000, min(9000000000000000000, lost_micros + excluded.lost_micros)), lost_rest = lost_rest + excluded.lost_rest,
    fees_micros = max(-9000000000000000000, min(9000000000000000000, fees_micros + excluded.fees_micros)), fees_rest = fees_rest + excluded.fees_rest,
    held_ms = held_ms + excluded.held_ms;
END;
CREATE TRIGGER trade_totals_changed AFTER UPDATE ON trade_history WHEN NEW.closed BEGIN
  INSERT INTO trade_totals
  SELECT dimension, quote, key, day, trades, wins,
    made_micros, made_rest, lost_micros, lost_rest, fees_micros, fees_rest, held_ms
  FROM trade_shares WHERE timestamp = NEW.timestamp AND trade_id = NEW.trade_id
  ON CONFLICT DO UPDATE SET
    trades = trades + excluded.trades, wins = wins + excluded.wins,
    made_micros = max(-9000000000000000000, min(9000000000000000000, made_micros + excluded.made_micros)), made_rest = made_rest + excluded.made_rest,
    lost_micros = max(-9000000000000000000, min(9000000000000000000, lost_micros + excluded.lost_micros)), lost_rest = lost_rest + excluded.lost_rest,
    fees_micros = max(-9000000000000000000, min(9000000000000000000, fees_micros + excluded.fees_micros)), fees_rest = fees_rest + excluded.fees_rest,
    held_ms = held_ms + excluded.held_ms;
END;
-- Before: the row is still as it was.
CREATE TRIGGER trade_totals_changing BEFORE UPDATE ON trade_history WHEN OLD.closed BEGIN
  UPDATE trade_totals AS total SET
    trades = total.trades - share.trades, wins = total.wins - share.wins,
    made_micros = max(-9000000000000000000, min(9000000000000000000, total.made_micros - share.made_micros)), made_rest = total.made_rest - share.made_rest,
    lost_micros = max(-9000000000000000000, min(9000000000000000000, total.lost_micros - share.lost_micros)), lost_rest = total.lost_rest - share.lost_rest,
    fees_micros = max(-9000000000000000000, min(9000000000000000000, total.fees_micros - share.fees_micros)), fees_rest = total.fees_rest - share.fees_rest,
    held_ms = total.held_ms - share.held_ms
  FROM trade_shares share
  WHERE share.timestamp = OLD.timestamp AND share.trade_id = OLD.trade_id
    AND total.dimension = share.dimension AND total.quote = share.quote
    AND total.key = share.key AND total.day = share.day;
END;
CREATE TRIGGER trade_totals_removing BEFORE DELETE ON trade_history WHEN OLD.closed BEGIN
  UPDATE trade_totals AS total SET
    trades = total.trades - share.trades, wins = total.wins - share.wins,
    made_micros = max(-9000000000000000000, min(9000000000000000000, total.made_micros - share.made_micros)), made_rest = total.made_rest - share.made_rest,
    lost_micros = max(-9000000000000000000, min(9000000000000000000, total.lost_micros - share.lost_micros)), lost_rest = total.lost_rest - share.lost_rest,
    fees_micros = max(-9000000000000000000, min(9000000000000000000, total.fees_micros - share.fees_micros)), fees_rest = total.fees_rest - share.fees_rest,
    held_ms = total.held_ms - share.held_ms
  FROM trade_shares share
  WHERE share.timestamp = OLD.timestamp AND share.trade_id = OLD.trade_id
    AND total.dimension = share.dimension AND total.quote = share.quote
    AND total.key = share.key AND total.day = share.day;
END;
CREATE TRIGGER trade_totals_emptied AFTER UPDATE ON trade_totals WHEN NEW.trades = 0 BEGIN
  DELETE FROM trade_totals
  WHERE dimension = NEW.dimension AND quote = NEW.quote AND key = NEW.key AND day = NEW.day;
END;

INSERT INTO trade_totals
SELECT dimension, quote, key, day, sum(trades), sum(wins), sum(made_micros), sum(made_rest),
  sum(lost_micros), sum(lost_rest), sum(fees_micros), sum(fees_rest), sum(held_ms)
FROM trade_shares GROUP BY dimension, quote, key, day;

-- The newest first, and those of a day together; by each of what trades are looked for, so that few among many are found
-- as fast as many.
CREATE INDEX trade_history_by_close ON trade_history (close_timestamp) WHERE closed;
DROP INDEX trade_history_by_symbol;
CREATE INDEX trade_history_by_symbol ON trade_history (symbol, close_timestamp);
DROP INDEX trade_history_by_won;
CREATE INDEX trade_history_by_won ON trade_history (won, close_timestamp);
CREATE INDEX trade_history_by_side ON trade_history (side, close_timestamp);
CREATE INDEX trade_history_by_exit ON trade_history (exit_reason, close_timestamp);
CREATE INDEX trade_history_by_strategy ON trade_history (strategy, close_timestamp);

-- Whether each trade of a day won, in the order in which they ended: 1 and 0. A streak goes through all of them.
CREATE TABLE trade_days (
  day INTEGER PRIMARY KEY,
  outcomes TEXT NOT NULL
) STRICT;
CREATE TRIGGER trade_days_added AFTER INSERT ON trade_history WHEN NEW.closed BEGIN
  DELETE FROM trade_days WHERE day = NEW.close_timestamp / 86400000;
  INSERT INTO trade_days
  SELECT NEW.close_timestamp / 86400000, group_concat(won, '' ORDER BY close_timestamp, timestamp, trade_id)
  FROM trade_history
  WHERE closed AND close_timestamp >= NEW.close_timestamp / 86400000 * 86400000
    AND close_timestamp < (NEW.close_timestamp / 86400000 + 1) * 86400000
  HAVING count(*) > 0;
END;
CREATE TRIGGER trade_days_changed AFTER UPDATE ON trade_history WHEN OLD.closed OR NEW.closed BEGIN
  DELETE FROM trade_days WHERE day = OLD.close_timestamp / 86400000;
  INSERT INTO trade_days
  SELECT OLD.close_timestamp / 86400000, group_concat(won, '' ORDER BY close_timestamp, timestamp, trade_id)
  FROM trade_history
  WHERE closed AND close_timestamp >= OLD.close_timestamp / 86400000 * 86400000
    AND close_timestamp < (OLD.close_timestamp / 86400000 + 1) * 86400000
  HAVING count(*) > 0;
  DELETE FROM trade_days WHERE day = NEW.close_timestamp / 86400000;
  INSERT INTO trade_days
  SELECT NEW.close_timestamp / 86400000, group_concat(won, '' ORDER BY close_timestamp, timestamp, trade_id)
  FROM trade_history
  WHERE closed AND close_timestamp >= NEW.close_timestamp / 86400000 * 86400000
    AND close_timestamp < (NEW.close_timestamp / 86400000 + 1) * 86400000
  HAVING count(*) > 0;
END;
CREATE TRIGGER trade_days_removed AFTER DELETE ON trade_history WHEN OLD.closed BEGIN
  DELETE FROM trade_days WHERE day = OLD.close_timestamp / 86400000;
  INSERT INTO trade_days
  SELECT OLD.close_timestamp / 86400000, group_concat(won, '' ORDER BY close_timestamp, timestamp, trade_id)
  FROM trade_history
  WHERE closed AND close_timestamp >= OLD.close_timestamp / 86400000 * 86400000
    AND close_timestamp < (OLD.close_timestamp / 86400000 + 1) * 86400000
  HAVING count(*) > 0;
END;
INSERT INTO trade_days
SELECT close_timestamp / 86400000, group_concat(won, '' ORDER BY close_timestamp, timestamp, trade_id)
FROM trade_history WHERE closed GROUP BY 1;
