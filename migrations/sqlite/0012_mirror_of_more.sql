-- What a server is told of is more than the trade history: decisions, points of the equity curve and candles. Of these the
-- outbox takes note only once a server mirrors the books; what was there before is told from the tables themselves.
DROP TRIGGER trade_history_inserted;
DROP TRIGGER trade_history_updated;
DROP TRIGGER trade_history_deleted;
CREATE TABLE outbox_of_kinds (
  -- Also the row's version at the server. Never given twice.
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  -- By these the row is found in its table: see storage/sqlite/mirrored-tables.ts.
  time INTEGER NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (kind, time, name)
) STRICT;
INSERT INTO outbox_of_kinds SELECT sequence, 'trade', timestamp, trade_id FROM outbox;
DELETE FROM sqlite_sequence WHERE name = 'outbox_of_kinds';
INSERT INTO sqlite_sequence SELECT 'outbox_of_kinds', seq FROM sqlite_sequence WHERE name = 'outbox';
DROP TABLE outbox;
ALTER TABLE outbox_of_kinds RENAME TO outbox;
CREATE INDEX outbox_by_kind ON outbox (kind, sequence);

CREATE TRIGGER trade_history_inserted AFTER INSERT ON trade_history BEGIN
  DELETE FROM outbox WHERE kind = 'trade' AND time = NEW.timestamp AND name = NEW.trade_id;
  INSERT INTO outbox (kind, time, name) VALUES ('trade', NEW.timestamp, NEW.trade_id);
END;
CREATE TRIGGER trade_history_updated AFTER UPDATE ON trade_history BEGIN
  DELETE FROM outbox WHERE kind = 'trade' AND time = NEW.timestamp AND name = NEW.trade_id;
  INSERT INTO outbox (kind, time, name) VALUES ('trade', NEW.timestamp, NEW.trade_id);
END;
CREATE TRIGGER trade_history_deleted AFTER DELETE ON trade_history BEGIN
  DELETE FROM outbox WHERE kind = 'trade' AND time = OLD.timestamp AND name = OLD.trade_id;
  INSERT INTO outbox (kind, time, name) VALUES ('trade', OLD.timestamp, OLD.trade_id);
END;
-- What is deleted here, because it is old, stays at the server, which has a retention of its own.
CREATE TRIGGER decisions_inserted AFTER INSERT ON decisions WHEN (SELECT server FROM sync_state) IS NOT NULL BEGIN
  DELETE FROM outbox WHERE kind = 'decision' AND time = NEW.time AND name = NEW.id;
  INSERT INTO outbox (kind, time, name) VALUES ('decision', NEW.time, NEW.id);
END;
CREATE TRIGGER equity_inserted AFTER INSERT ON equity WHEN (SELECT server FROM sync_state) IS NOT NULL BEGIN
  DELETE FROM outbox WHERE kind = 'equity' AND time = NEW.time AND name = '';
  INSERT INTO outbox (kind, time, name) VALUES ('equity', NEW.time, '');
END;
CREATE TRIGGER candles_inserted AFTER INSERT ON candles WHEN (SELECT server FROM sync_state) IS NOT NULL BEGIN
  DELETE FROM outbox WHERE kind = 'candle' AND time = NEW.open_time AND name = NEW.timeframe || ' ' || NEW.symbol;
  INSERT INTO outbox (kind, time, name) VALUES ('candle', NEW.open_time, NEW.timeframe || ' ' || NEW.symbol);
END;

-- The number that these books gave the server when they last met, and the one that they were about to give: other numbers
-- there mean that other books have spoken for these since, or that these are older than they were.
ALTER TABLE sync_state ADD COLUMN turn TEXT;
ALTER TABLE sync_state ADD COLUMN next_turn TEXT;
-- Up to which epoch the server has forgotten what these books no longer have.
ALTER TABLE sync_state ADD COLUMN swept INTEGER NOT NULL DEFAULT 0;
-- How far a table has been told from its beginning, as the values of its key; no row: all of it was.
CREATE TABLE mirror_refills (
  kind TEXT PRIMARY KEY,
  -- Of every row that is told so: later changes of it have newer ones.
  version INTEGER NOT NULL,
  cursor TEXT NOT NULL,
  -- Rows still to be told, as counted at the beginning.
  left_over INTEGER NOT NULL
) STRICT;
