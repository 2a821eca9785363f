-- One row a round trip, from flat to flat: a fold over fills and account events, written with each of them. What is
-- here can be made anew from the ledger at any time. Decimals are text; money is in the symbol's quote currency.
CREATE TABLE trade_history (
  -- Of the first fill.
  timestamp INTEGER NOT NULL,
  -- The execution that opened it: symbol, the venue's id of the trade and the side that we had in it.
  trade_id TEXT NOT NULL,
  symbol TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  -- Of the order that opened it; null where that was not ours.
  order_type TEXT,
  -- All that was bought, or sold short, in it.
  amount TEXT NOT NULL,
  -- Averages by volume. No exit price before the first exit.
  entry_price TEXT NOT NULL,
  exit_price TEXT,
  -- After fees; while it is open, of what has been sold so far.
  realized_pnl TEXT NOT NULL,
  -- Of what was paid for all of it.
  pnl_pct TEXT NOT NULL,
  fees TEXT NOT NULL,
  -- From the decision that opened it; null where none did.
  market_regime TEXT,
  bull_confidence REAL,
  bear_confidence REAL,
  decision_confidence REAL,
  -- Null while it is open.
  won INTEGER CHECK (won IN (0, 1)),
  closed INTEGER NOT NULL CHECK (closed IN (0, 1)),
  close_timestamp INTEGER,
  agent_votes TEXT,
  signals TEXT,
  -- What the order that ended it was for.
  exit_reason TEXT,
  strategy TEXT,
  decision_id TEXT,
  PRIMARY KEY (timestamp, trade_id),
  CHECK ((closed = 1) = (won IS NOT NULL) AND (closed = 1) = (close_timestamp IS NOT NULL))
) STRICT;
CREATE INDEX trade_history_by_symbol ON trade_history (symbol, timestamp);
CREATE INDEX trade_history_by_won ON trade_history (won);
CREATE INDEX trade_history_by_regime ON trade_history (market_regime);
CREATE INDEX trade_history_by_decision ON trade_history (decision_id) WHERE decision_id IS NOT NULL;

-- Where the fold stands: up to which fill and account event, with what of each symbol, counted in which lots.
CREATE TABLE trade_fold (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  fills INTEGER NOT NULL,
  events INTEGER NOT NULL
) STRICT;
INSERT INTO trade_fold VALUES (1, 0, 0);
CREATE TABLE trade_positions (
  symbol TEXT PRIMARY KEY,
  document TEXT NOT NULL
) STRICT;
CREATE TABLE trade_markets (
  symbol TEXT PRIMARY KEY,
  -- What is held; null for a derivative, which holds none.
  asset TEXT,
  lot TEXT NOT NULL
) STRICT;
CREATE INDEX account_events_by_trade ON account_events (symbol, trade_id) WHERE trade_id IS NOT NULL;

-- What a server that mirrors the history has not been told yet: the newest change of each row, at most one a row.
CREATE TABLE outbox (
  -- Also the row's version at the server. Never given twice.
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  timestamp INTEGER NOT NULL,
  trade_id TEXT NOT NULL,
  UNIQUE (timestamp, trade_id)
) STRICT;
CREATE TRIGGER trade_history_inserted AFTER INSERT ON trade_history BEGIN
  DELETE FROM outbox WHERE timestamp = NEW.timestamp AND trade_id = NEW.trade_id;
  INSERT INTO outbox (timestamp, trade_id) VALUES (NEW.timestamp, NEW.trade_id);
END;
CREATE TRIGGER trade_history_updated AFTER UPDATE ON trade_history BEGIN
  DELETE FROM outbox WHERE timestamp = NEW.timestamp AND trade_id = NEW.trade_id;
  INSERT INTO outbox (timestamp, trade_id) VALUES (NEW.timestamp, NEW.trade_id);
END;
CREATE TRIGGER trade_history_deleted AFTER DELETE ON trade_history BEGIN
  DELETE FROM outbox WHERE timestamp = OLD.timestamp AND trade_id = OLD.trade_id;
  INSERT INTO outbox (timestamp, trade_id) VALUES (OLD.timestamp, OLD.trade_id);
END;
