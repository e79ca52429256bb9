-- What was written in a case is destroyed when its term of keeping is over: the sealed texts and all keys. What statistics
-- count (place, day, kind, state, terms) stays, with the day of the destruction.
ALTER TABLE dispute ADD COLUMN destroyed_on TEXT NOT NULL DEFAULT '';
CREATE INDEX dispute_by_closing ON dispute (region_id, closed_on);
