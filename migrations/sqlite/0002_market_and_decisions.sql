CREATE TABLE candles (
  symbol TEXT NOT NULL,
  timeframe TEXT NOT NULL,
  open_time INTEGER NOT NULL,
  open REAL NOT NULL,
  high REAL NOT NULL,
  low REAL NOT NULL,
  close REAL NOT NULL,
  volume REAL NOT NULL,
  taker_buy_volume REAL,
  PRIMARY KEY (symbol, timeframe, open_time)
) STRICT, WITHOUT ROWID;

CREATE TABLE decisions (
  id TEXT PRIMARY KEY,
  symbol TEXT NOT NULL,
  timeframe TEXT NOT NULL,
  bar_open_time INTEGER NOT NULL,
  time INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  -- Lower-case text of symbol, reason and theses, for searching.
  searchable TEXT NOT NULL,
  document TEXT NOT NULL,
  UNIQUE (symbol, timeframe, bar_open_time)
) STRICT;
CREATE INDEX decisions_by_time ON decisions (time);
CREATE INDEX decisions_by_symbol ON decisions (symbol, time);

CREATE TABLE equity (
  time INTEGER PRIMARY KEY,
  equity TEXT NOT NULL
) STRICT;

CREATE TABLE state (
  name TEXT PRIMARY KEY,
  document TEXT NOT NULL
) STRICT;
