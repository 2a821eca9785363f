-- 0 for the opening, 1 and up for rebuttals, -1 for a prompt tried out on a past bar, which is no part of a decision.
ALTER TABLE llm_calls ADD COLUMN round INTEGER NOT NULL DEFAULT 0;
