-- Every call of a language model: one row for a key and the bar it was asked about.
CREATE TABLE llm_calls (
  sequence INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  agent TEXT NOT NULL CHECK (agent IN ('bull', 'bear')),
  -- 0 for the opening, 1 and up for rebuttals, -1 for a prompt tried out on a past bar.
  round INTEGER NOT NULL,
  symbol TEXT NOT NULL,
  bar_open_time INTEGER NOT NULL,
  time INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('answered', 'failed')),
  document TEXT NOT NULL,
  UNIQUE (key, symbol, bar_open_time)
) STRICT;
CREATE INDEX llm_calls_by_bar ON llm_calls (symbol, bar_open_time);
CREATE INDEX llm_calls_by_time ON llm_calls (time);

-- Whole millionths of a dollar by UTC day. What is reserved for calls under way counts as spent.
CREATE TABLE llm_spending (
  day TEXT PRIMARY KEY,
  micro_usd INTEGER NOT NULL CHECK (micro_usd >= 0)
) STRICT;
