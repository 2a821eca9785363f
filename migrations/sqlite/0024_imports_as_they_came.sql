-- What each import told, also of what an import before had told: taking one back leaves what another tells as well.
CREATE TABLE import_members (
  import_id INTEGER NOT NULL REFERENCES trade_imports (id),
  symbol TEXT NOT NULL,
  trade_id TEXT NOT NULL,
  side TEXT NOT NULL,
  PRIMARY KEY (import_id, symbol, trade_id, side)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_members_by_fill ON import_members (symbol, trade_id, side);
INSERT INTO import_members (import_id, symbol, trade_id, side)
  SELECT import_id, symbol, trade_id, side FROM imported_fills;
-- A note is written to a trade by its id alone.
CREATE INDEX trade_history_by_id ON trade_history (trade_id);
