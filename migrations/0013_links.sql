-- Secret links by which people follow what they asked for on the public page. Of the link itself only a hash is kept:
-- whoever has the database cannot follow.

CREATE TABLE case_link (
    region_id  BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    dispute_id BIGINT NOT NULL,
    token_hash TEXT NOT NULL,                 -- BLAKE2b-256 of the token
    made_us    BIGINT NOT NULL,
    CONSTRAINT case_link_pk PRIMARY KEY (region_id, id),
    CONSTRAINT case_link_token UNIQUE (region_id, token_hash),
    CONSTRAINT case_link_of FOREIGN KEY (region_id, dispute_id) REFERENCES dispute (region_id, id)
);
CREATE INDEX case_link_by_dispute ON case_link (region_id, dispute_id);
