-- What the models said of a bar, and, once its horizon is over, what came of it (0 down, 1 flat, 2 up).
CREATE TABLE predictions (
  set_id TEXT NOT NULL,
  symbol TEXT NOT NULL,
  bar_open_time INTEGER NOT NULL,
  down REAL NOT NULL,
  flat REAL NOT NULL,
  up REAL NOT NULL,
  sigma REAL NOT NULL,
  label INTEGER CHECK (label BETWEEN 0 AND 2),
  horizon_return REAL,
  PRIMARY KEY (set_id, symbol, bar_open_time)
) STRICT, WITHOUT ROWID;
CREATE INDEX predictions_waiting ON predictions (symbol, bar_open_time) WHERE label IS NULL;
