-- What the trader writes to a round trip. No ledger tells it, so it is kept apart from trade_history, which is made anew.
CREATE TABLE trade_notes (
  -- That of trade_history.
  trade_id TEXT PRIMARY KEY,
  note TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE TABLE trade_tags (
  tag TEXT NOT NULL,
  -- The key of trade_history: the trades of a tag are found without reading the others.
  opened_at INTEGER NOT NULL,
  trade_id TEXT NOT NULL,
  PRIMARY KEY (tag, opened_at, trade_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX trade_tags_by_trade ON trade_tags (trade_id);
