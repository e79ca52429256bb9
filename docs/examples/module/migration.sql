-- Notes of the staff.
CREATE TABLE notes (
    region_id  BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    at_us      BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    text       TEXT NOT NULL,
    CONSTRAINT notes_pk PRIMARY KEY (region_id, id)
);
