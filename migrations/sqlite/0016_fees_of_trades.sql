-- Each fill asks whether its fee was told before it.
CREATE INDEX account_events_of_trades ON account_events (symbol, trade_id) WHERE kind = 'fee';
