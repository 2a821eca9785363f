-- What was at stake at a point of the curve: the worth of all open positions, long and short alike. Null of a point that
-- was stored without.
ALTER TABLE equity ADD COLUMN exposure TEXT;
-- A server that mirrors the books is told what a trade saw once the trade has ended.
CREATE TRIGGER trade_excursions_ended AFTER INSERT ON trade_excursions WHEN NEW.ended_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM trade_history WHERE timestamp = NEW.opened_at AND trade_id = NEW.trade_id)
BEGIN
  DELETE FROM outbox WHERE kind = 'trade' AND time = NEW.opened_at AND name = NEW.trade_id;
  INSERT INTO outbox (kind, time, name) VALUES ('trade', NEW.opened_at, NEW.trade_id);
END;
INSERT OR IGNORE INTO outbox (kind, time, name)
  SELECT 'trade', opened_at, trade_id FROM trade_excursions x
  WHERE EXISTS (SELECT 1 FROM trade_history t WHERE t.timestamp = x.opened_at AND t.trade_id = x.trade_id);
