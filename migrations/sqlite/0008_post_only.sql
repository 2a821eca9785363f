-- Limit orders that may only make.
ALTER TABLE order_intents ADD COLUMN post_only INTEGER NOT NULL DEFAULT 0 CHECK (post_only IN (0, 1));
