-- Limit orders that may only make.
ALTER TABLE order_intents ADD COLUMN post_only INTEGER NOT NULL DEFAULT 0 CHECK (post_only IN (0, 1));

-- What an entry was decided at, and what getting in was expected to cost as a fraction of that. Null for other orders, and
-- for entries that are older than the columns.
ALTER TABLE order_intents ADD COLUMN expected_price TEXT;
ALTER TABLE order_intents ADD COLUMN expected_cost REAL;
