-- What the simulated venue remembers on its own side, as a real venue would on its own machines.
CREATE TABLE venue_orders (
  sequence INTEGER PRIMARY KEY,
  client_order_id TEXT NOT NULL UNIQUE,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE venue_fills (
  sequence INTEGER PRIMARY KEY,
  trade_id TEXT NOT NULL UNIQUE,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE venue_balances (
  asset TEXT PRIMARY KEY,
  amount TEXT NOT NULL
) STRICT;

CREATE TABLE venue_applied (
  symbol TEXT PRIMARY KEY,
  until INTEGER NOT NULL
) STRICT;
