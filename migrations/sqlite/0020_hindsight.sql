-- Entries that were wanted, whatever became of them, and what each came to, or would have, when its time had passed.
CREATE TABLE hindsight (
  sequence INTEGER PRIMARY KEY,
  decision_id TEXT NOT NULL UNIQUE,
  result REAL,
  document TEXT NOT NULL
) STRICT;
