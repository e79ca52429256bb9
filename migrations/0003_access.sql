-- Who may do what, dated settings, and the calendar of working days.
-- account and session hold personal data (login, name); nothing here is content of a case.

CREATE TABLE account (
    region_id     BIGINT NOT NULL,
    id            BIGINT NOT NULL,
    login         TEXT NOT NULL,              -- small Latin letters, digits, "-", "_", "."
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,              -- Argon2id in its text form
    lang          TEXT NOT NULL DEFAULT 'kk',
    disabled      SMALLINT NOT NULL DEFAULT 0,
    must_change   SMALLINT NOT NULL DEFAULT 0, -- the password was set by somebody else
    failed        BIGINT NOT NULL DEFAULT 0,  -- wrong passwords since the last right one
    failed_us     BIGINT NOT NULL DEFAULT 0,  -- when the last of them
    created_us    BIGINT NOT NULL,
    password_us   BIGINT NOT NULL,            -- when the password was set; older sessions end
    demo          SMALLINT NOT NULL DEFAULT 0,
    version       BIGINT NOT NULL DEFAULT 1,
    CONSTRAINT account_pk PRIMARY KEY (region_id, id),
    CONSTRAINT account_login UNIQUE (region_id, login),
    CONSTRAINT account_lang CHECK (lang IN ('kk', 'ru', 'en')),
    CONSTRAINT account_disabled CHECK (disabled IN (0, 1)),
    CONSTRAINT account_must_change CHECK (must_change IN (0, 1)),
    CONSTRAINT account_demo CHECK (demo IN (0, 1))
);

-- A browser that is signed in. The token itself is known to the browser only.
CREATE TABLE session (
    region_id   BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    token_hash  TEXT NOT NULL,                -- BLAKE2b-256 of the token, hexadecimal
    account_id  BIGINT NOT NULL,
    created_us  BIGINT NOT NULL,
    seen_us     BIGINT NOT NULL,              -- to five minutes: not every page is a write
    expires_us  BIGINT NOT NULL,
    user_agent  TEXT NOT NULL DEFAULT '',
    CONSTRAINT session_pk PRIMARY KEY (region_id, id),
    CONSTRAINT session_token UNIQUE (region_id, token_hash),
    CONSTRAINT session_of FOREIGN KEY (region_id, account_id) REFERENCES account (region_id, id)
);
CREATE INDEX session_by_account ON session (region_id, account_id);
CREATE INDEX session_by_expiry ON session (region_id, expires_us);

-- A role is a named set of permissions: data, so that an institution can cut its own.
CREATE TABLE role (
    region_id BIGINT NOT NULL,
    code      TEXT NOT NULL,
    name_kk   TEXT NOT NULL,
    name_ru   TEXT NOT NULL,
    name_en   TEXT NOT NULL,
    ordinal   BIGINT NOT NULL,
    CONSTRAINT role_pk PRIMARY KEY (region_id, code)
);
CREATE TABLE role_permission (
    region_id  BIGINT NOT NULL,
    role_code  TEXT NOT NULL,
    permission TEXT NOT NULL,                 -- the name in src/access/permission.c, "registry.read"
    CONSTRAINT role_permission_pk PRIMARY KEY (region_id, role_code, permission),
    CONSTRAINT role_permission_of FOREIGN KEY (region_id, role_code) REFERENCES role (region_id, code)
);

-- Who holds which role, where and for how long.
CREATE TABLE role_grant (
    region_id       BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    role_code       TEXT NOT NULL,
    territory_id    BIGINT,                   -- NULL: the whole region
    organisation_id BIGINT,                   -- the body that a partner or member acts for
    valid_from      TEXT NOT NULL,
    valid_to        TEXT NOT NULL DEFAULT '', -- the first day on which it no longer holds
    granted_by      BIGINT NOT NULL DEFAULT 0,
    granted_us      BIGINT NOT NULL,
    CONSTRAINT role_grant_pk PRIMARY KEY (region_id, id),
    CONSTRAINT role_grant_to FOREIGN KEY (region_id, account_id) REFERENCES account (region_id, id),
    CONSTRAINT role_grant_of FOREIGN KEY (region_id, role_code) REFERENCES role (region_id, code)
);
CREATE INDEX role_grant_by_account ON role_grant (region_id, account_id);

-- Settings of the institution, dated: what held on the day of a report can be looked up later.
-- Names, types and ranges: the table in src/setting/setting.c.
CREATE TABLE setting (
    region_id  BIGINT NOT NULL,
    name       TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    value      TEXT NOT NULL,
    note       TEXT NOT NULL DEFAULT '',
    set_by     BIGINT NOT NULL DEFAULT 0,
    set_us     BIGINT NOT NULL,
    CONSTRAINT setting_pk PRIMARY KEY (region_id, name, valid_from)
);

-- Days that are not what their weekday says.
CREATE TABLE holiday (
    region_id BIGINT NOT NULL,
    day       TEXT NOT NULL,
    kind      TEXT NOT NULL,                  -- 'holiday': no working day; 'workday': a Saturday or Sunday that is one
    name_kk   TEXT NOT NULL,
    name_ru   TEXT NOT NULL,
    name_en   TEXT NOT NULL,
    verified  SMALLINT NOT NULL DEFAULT 0,    -- 1: somebody compared it with the official calendar
    CONSTRAINT holiday_pk PRIMARY KEY (region_id, day),
    CONSTRAINT holiday_kind CHECK (kind IN ('holiday', 'workday')),
    CONSTRAINT holiday_verified CHECK (verified IN (0, 1))
);

-- Which features have written their part of the demonstration region: nothing is written twice, and data that
-- was entered by people is never mixed with it.
CREATE TABLE demo_part (
    region_id BIGINT NOT NULL,
    name      TEXT NOT NULL,
    loaded_us BIGINT NOT NULL,
    CONSTRAINT demo_part_pk PRIMARY KEY (region_id, name)
);
