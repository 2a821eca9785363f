-- What is forgotten by its age is found without reading the rest.
CREATE INDEX decisions_held ON decisions (time) WHERE outcome = 'held';
CREATE INDEX predictions_by_time ON predictions (bar_open_time);
