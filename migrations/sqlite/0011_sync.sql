-- Which server has been told of what the outbox no longer has.
CREATE TABLE sync_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  -- Tells these books from those of other machines and modes on the same server.
  instance TEXT NOT NULL,
  -- The server's own word for itself; null before the first.
  server TEXT,
  -- Versions up to this one are of books that a backup has replaced.
  epoch INTEGER NOT NULL
) STRICT;
INSERT INTO sync_state VALUES (1, lower(hex(randomblob(16))), NULL, 0);
