-- A start of the simulated venue reads the orders that work; the others, and fills, are asked for one by one.
CREATE INDEX venue_orders_working ON venue_orders (sequence)
  WHERE json_extract(document, '$.status') NOT IN ('FILLED', 'CANCELED', 'REJECTED', 'EXPIRED');
CREATE INDEX venue_orders_by_client ON venue_orders (client_order_id);
CREATE INDEX venue_fills_by_time
  ON venue_fills (json_extract(document, '$.symbol'), json_extract(document, '$.time'));
-- What the fills of a perpetual came to, so that nobody has to count them all again.
CREATE TABLE venue_positions (
  symbol TEXT PRIMARY KEY,
  document TEXT NOT NULL
) STRICT;
