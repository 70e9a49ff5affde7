-- SPDX-License-Identifier: EUPL-1.2
-- Results of API writes that carried an Idempotency-Key, kept for a day so that a repeated call changes nothing.
CREATE TABLE idempotency (
    actor_account INTEGER NOT NULL, -- account of the token or session that called
    key TEXT NOT NULL,              -- the caller's key, at most 200 characters
    request_hash BLOB NOT NULL,     -- BLAKE2b of method, path and body: the same key with another request is refused
    status INTEGER NOT NULL,        -- HTTP status of the first answer
    body BLOB NOT NULL,             -- its body, sealed with the installation's key
    created_ms INTEGER NOT NULL,    -- when, ms UTC
    PRIMARY KEY (actor_account, key)
) STRICT;
CREATE INDEX idempotency_created ON idempotency (created_ms);
