-- What the curve knew at a point besides, as JSON: it sees every price, and its points are the closes of bars. Null of a
-- point that was stored without.
ALTER TABLE equity ADD COLUMN marks TEXT;
