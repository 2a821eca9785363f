-- What an alert is about, and that the trader has seen it.
ALTER TABLE alerts ADD COLUMN rule TEXT NOT NULL DEFAULT 'program';
-- Alerts with the same one are about the same.
ALTER TABLE alerts ADD COLUMN about TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN acknowledged_at INTEGER;
ALTER TABLE alerts ADD COLUMN acknowledged_by TEXT;
-- Those from before this could not be acknowledged: they are not told again.
UPDATE alerts SET acknowledged_at = time, acknowledged_by = 'an older version';
CREATE INDEX open_alerts ON alerts (sequence) WHERE acknowledged_at IS NULL AND severity = 'critical';
-- Messages on their way to a channel, and what became of each.
CREATE TABLE alert_deliveries (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  time INTEGER NOT NULL,
  channel TEXT NOT NULL,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'refused', 'given-up')),
  attempts INTEGER NOT NULL,
  next_at INTEGER,
  ended_at INTEGER,
  problem TEXT
) STRICT;
CREATE INDEX waiting_deliveries ON alert_deliveries (sequence) WHERE state = 'waiting';
CREATE INDEX deliveries_by_time ON alert_deliveries (time);
