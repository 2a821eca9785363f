-- A trade that ends after all others of its day is put at the end of the day's outcomes. Going through the whole day for each
-- takes the square of its trades: minutes where a history is made anew that has 40,000 of them on a day.
DROP TRIGGER trade_days_added;
CREATE TRIGGER trade_days_added AFTER INSERT ON trade_history WHEN NEW.closed AND NOT EXISTS (
  SELECT 1 FROM trade_history
  WHERE closed AND close_timestamp >= NEW.close_timestamp
    AND close_timestamp < (NEW.close_timestamp / 86400000 + 1) * 86400000
    AND (close_timestamp, timestamp, trade_id) > (NEW.close_timestamp, NEW.timestamp, NEW.trade_id)
) BEGIN
  INSERT INTO trade_days VALUES (NEW.close_timestamp / 86400000, CAST(NEW.won AS TEXT))
  ON CONFLICT DO UPDATE SET outcomes = outcomes || excluded.outcomes;
END;
CREATE TRIGGER trade_days_added_between AFTER INSERT ON trade_history WHEN NEW.closed AND EXISTS (
  SELECT 1 FROM trade_history
  WHERE closed AND close_timestamp >= NEW.close_timestamp
    AND close_timestamp < (NEW.close_timestamp / 86400000 + 1) * 86400000
    AND (close_timestamp, timestamp, trade_id) > (NEW.close_timestamp, NEW.timestamp, NEW.trade_id)
) BEGIN
  DELETE FROM trade_days WHERE day = NEW.close_timestamp / 86400000;
  INSERT INTO trade_days
  SELECT NEW.close_timestamp / 86400000, group_concat(won, '' ORDER BY close_timestamp, timestamp, trade_id)
  FROM trade_history
  WHERE closed AND close_timestamp >= NEW.close_timestamp / 86400000 * 86400000
    AND close_timestamp < (NEW.close_timestamp / 86400000 + 1) * 86400000
  HAVING count(*) > 0;
END;

-- What was open ends, as a trade mostly does: the same.
CREATE TRIGGER trade_days_ended AFTER UPDATE ON trade_history WHEN NEW.closed AND NOT OLD.closed AND NOT EXISTS (
  SELECT 1 FROM trade_history
  WHERE closed AND close_timestamp >= NEW.close_timestamp
    AND close_timestamp < (NEW.close_timestamp / 86400000 + 1) * 86400000
    AND (close_timestamp, timestamp, trade_id) > (NEW.close_timestamp, NEW.timestamp, NEW.trade_id)
) BEGIN
  INSERT INTO trade_days VALUES (NEW.close_timestamp / 86400000, CAST(NEW.won AS TEXT))
  ON CONFLICT DO UPDATE SET outcomes = outcomes || excluded.outcomes;
END;
DROP TRIGGER trade_days_changed;
CREATE TRIGGER trade_days_changed AFTER UPDATE ON trade_history WHEN (OLD.closed OR NEW.closed) AND (
  -- A note on a trade, or a decision told late, changes no day.
  (OLD.closed AND (OLD.closed, OLD.won, OLD.close_timestamp, OLD.timestamp, OLD.trade_id)
    IS NOT (NEW.closed, NEW.won, NEW.close_timestamp, NEW.timestamp, NEW.trade_id))
  OR (NOT OLD.closed AND EXISTS (
    SELECT 1 FROM trade_history
    WHERE closed AND close_timestamp >= NEW.close_timestamp
      AND close_timestamp < (NEW.close_timestamp / 86400000 + 1) * 86400000
      AND (close_timestamp, timestamp, trade_id) > (NEW.close_timestamp, NEW.timestamp, NEW.trade_id)
  ))
) BEGIN
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
