-- SPDX-License-Identifier: EUPL-1.2
-- core: persons, rights, proofs of who someone is, consent, audit, texts. Privacy classes as in design.md §4. "sealed"
-- columns are values of vault.h; a "blind" column is a keyed hash for equality only. Ids are of base/id.h, times ms UTC.

-- ---- vault.h ----

CREATE TABLE vault_state (                    -- class: restricted. One row
    id INTEGER PRIMARY KEY,                   -- always 1
    epoch INTEGER NOT NULL,                   -- grows with each destroyed key, so that every process drops its copies
    key_id INTEGER                            -- id of the installation key that this database belongs to
) STRICT;
INSERT INTO vault_state (id, epoch, key_id) VALUES (1, 0, NULL);

CREATE TABLE person_key (                     -- class: restricted. Outlives its person as a tombstone
    id INTEGER PRIMARY KEY,                   -- key id, written in each value that the key sealed
    person_id INTEGER NOT NULL UNIQUE,        -- person.id; made before the person's row
    wrapped BLOB NOT NULL,                    -- the key, sealed with the installation's key; empty once destroyed
    made_ms INTEGER NOT NULL,                 -- when it was made
    destroyed_ms INTEGER                      -- set when the person was erased
) STRICT;

-- ---- people.h ----

CREATE TABLE person (                         -- class: record
    id INTEGER PRIMARY KEY,
    display_name BLOB NOT NULL,               -- sealed; empty once erased
    lang TEXT NOT NULL,                       -- preferred language, may be empty (LANG-3)
    zone TEXT NOT NULL,                       -- IANA name, may be empty
    limited_data INTEGER NOT NULL DEFAULT 0,  -- 1: pays for each megabyte (EQ-3)
    created_ms INTEGER NOT NULL,              -- when the record was made
    erased_ms INTEGER,                        -- key destroyed, fields blanked (CNS-8)
    merged_into INTEGER                       -- person.id that stands for this one; never a chain of two
) STRICT;
CREATE INDEX person_by_merged ON person (merged_into);

CREATE TABLE identity (                       -- class: record. How one app knows a person
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id), -- whose it is
    channel_id INTEGER NOT NULL,              -- channel.id of the channel room
    provider_user BLOB NOT NULL,              -- sealed: the app's id of the person
    provider_blind BLOB NOT NULL,             -- blind index of provider_user
    private_chat BLOB NOT NULL,               -- sealed: where a private word reaches them; may be empty
    blocked INTEGER NOT NULL DEFAULT 0,       -- 1: the person stopped us
    created_ms INTEGER NOT NULL,              -- when it was first met
    UNIQUE (channel_id, provider_blind)
) STRICT;
CREATE INDEX identity_by_person ON identity (person_id, channel_id);

CREATE TABLE person_merge (                   -- class: record. Two records were one person (PPL-2)
    id INTEGER PRIMARY KEY,
    keep_id INTEGER NOT NULL REFERENCES person (id), -- the record that stays
    drop_id INTEGER NOT NULL REFERENCES person (id), -- the record that it now stands for
    by_person INTEGER,                        -- who decided; NULL = the system
    at_ms INTEGER NOT NULL,                   -- when it was decided
    undone_ms INTEGER                         -- set when it was taken back
) STRICT;
CREATE INDEX person_merge_by_keep ON person_merge (keep_id);
CREATE INDEX person_merge_by_drop ON person_merge (drop_id);

CREATE TABLE person_merge_row (               -- class: record. What a merge re-pointed, so that it can be taken back
    merge_id INTEGER NOT NULL REFERENCES person_merge (id),
    kind TEXT NOT NULL,                       -- table of the re-pointed row
    row_id INTEGER NOT NULL,                  -- its id
    PRIMARY KEY (merge_id, kind, row_id)
) STRICT;

-- ---- access.h ----

CREATE TABLE role_grant (                     -- class: organisation
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id), -- who has the role
    role TEXT NOT NULL,                       -- role_name(): "moderator"
    scope TEXT NOT NULL,                      -- "network", "org", "community"
    scope_id INTEGER NOT NULL,                -- organisation or community; 0 for the network
    granted_ms INTEGER NOT NULL,              -- since when
    granted_by INTEGER,                       -- person.id; NULL = the system
    expires_ms INTEGER,                       -- NULL = never (PPL-4)
    withdrawn_ms INTEGER,                     -- kept for the history (MSG-9)
    withdrawn_by INTEGER                      -- person.id; NULL = the system
) STRICT;
CREATE INDEX role_grant_by_person ON role_grant (person_id);
CREATE INDEX role_grant_by_scope ON role_grant (scope, scope_id);

-- ---- account.h ----

CREATE TABLE account (                        -- class: organisation
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id), -- whose it is
    login BLOB NOT NULL,                      -- sealed: the name as typed
    login_blind BLOB NOT NULL UNIQUE,         -- blind index of the folded name
    password_hash TEXT NOT NULL,              -- argon2id, with its parameters
    must_change INTEGER NOT NULL,             -- 1: somebody else chose the password
    totp_secret BLOB NOT NULL,                -- sealed with the installation's key; empty = no second factor
    totp_pending BLOB NOT NULL,               -- sealed: shown to the person, not yet confirmed
    totp_last_step INTEGER NOT NULL DEFAULT 0, -- last 30 s step whose code was used: a code works once
    created_ms INTEGER NOT NULL,              -- when it was made
    disabled_ms INTEGER,                      -- since when nobody can sign in with it
    last_seen_day INTEGER NOT NULL DEFAULT 0  -- days since 1970, never finer
) STRICT;
CREATE INDEX account_by_person ON account (person_id);

CREATE TABLE session (                        -- class: restricted
    id INTEGER PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,          -- BLAKE2b of the cookie's value
    person_id INTEGER NOT NULL REFERENCES person (id), -- who it stands for
    account_id INTEGER REFERENCES account (id), -- NULL: a member's session (return link)
    created_ms INTEGER NOT NULL,              -- when it began
    seen_ms INTEGER NOT NULL,                 -- written at most once a minute
    expires_ms INTEGER NOT NULL,              -- absolute end
    lang TEXT NOT NULL                        -- interface language chosen in this session, may be empty
) STRICT;
CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_person ON session (person_id);
CREATE INDEX session_by_end ON session (expires_ms);

CREATE TABLE member_link (                    -- class: restricted. What a member comes back with instead of a password
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id), -- whom it brings back
    token_hash BLOB NOT NULL UNIQUE,          -- BLAKE2b of the link's token
    code_blind BLOB NOT NULL UNIQUE,          -- keyed hash of the code that can be typed
    made_ms INTEGER NOT NULL                  -- when it was made; a newer one replaces it
) STRICT;
CREATE INDEX member_link_by_person ON member_link (person_id);

CREATE TABLE api_token (                      -- class: organisation
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id), -- in whose name it acts
    token_hash BLOB NOT NULL UNIQUE,          -- BLAKE2b of the token
    can_write INTEGER NOT NULL,               -- 0: may only read
    label BLOB NOT NULL,                      -- sealed: what it is for, as its owner wrote
    made_ms INTEGER NOT NULL,                 -- when it was made
    revoked_ms INTEGER                        -- since when it is refused
) STRICT;
CREATE INDEX api_token_by_account ON api_token (account_id);

CREATE TABLE login_attempt (                  -- class: restricted. Failures of the last quarter of an hour
    id INTEGER PRIMARY KEY,
    name_blind BLOB NOT NULL,                 -- blind index of the name that was tried, known or not
    at_ms INTEGER NOT NULL                    -- when it failed
) STRICT;
CREATE INDEX login_attempt_by_name ON login_attempt (name_blind, at_ms);
CREATE INDEX login_attempt_by_time ON login_attempt (at_ms);

-- ---- audit.h ----

CREATE TABLE audit (                          -- class: restricted. Opaque ids and codes only; never changed, never deleted
    id INTEGER PRIMARY KEY,
    lane INTEGER NOT NULL,                    -- chain
    seq INTEGER NOT NULL,                     -- 1, 2, … in its chain, without gaps
    at_ms INTEGER NOT NULL,                   -- when it was done
    actor_kind INTEGER NOT NULL,              -- enum actor_kind
    actor_person INTEGER NOT NULL,            -- 0 = none
    actor_account INTEGER NOT NULL,           -- 0 = none
    request_id INTEGER NOT NULL,              -- 0 = none
    what TEXT NOT NULL,                       -- "question.answer"
    object TEXT NOT NULL,                     -- "question"
    object_id INTEGER NOT NULL,               -- its id, 0 = none
    detail TEXT NOT NULL,                     -- codes: "from=new to=answered"
    hash BLOB NOT NULL,                       -- SHA-256 of the hash before and this row (README)
    UNIQUE (lane, seq)
) STRICT;
CREATE INDEX audit_by_object ON audit (object, object_id, id);
CREATE INDEX audit_by_actor ON audit (actor_person, id);
CREATE INDEX audit_by_what ON audit (what, id);

CREATE TABLE audit_head (                     -- class: restricted. Where each chain ends
    lane INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,                     -- of the last row; 0 before the first
    hash BLOB NOT NULL,                       -- of the last row; 32 zero bytes before the first
    mac BLOB NOT NULL,                        -- under the vault's key: a cut or recomputed chain shows
    changed_ms INTEGER NOT NULL               -- when the last row was added
) STRICT;

-- ---- document.h ----

CREATE TABLE document (                       -- class: public when is_public, else organisation
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,                    -- enum doc_kind
    owner TEXT NOT NULL,                      -- what it belongs to: "community"
    owner_id INTEGER NOT NULL,                -- its id
    is_public INTEGER NOT NULL,               -- 1: readable without a session
    version INTEGER NOT NULL,                 -- current one; 0 = nothing written yet
    source_lang TEXT NOT NULL,                -- of the current version
    created_ms INTEGER NOT NULL               -- when it was made
) STRICT;
CREATE INDEX document_by_owner ON document (owner, owner_id, kind, id);

CREATE TABLE document_version (               -- class: as its document. One a change of the source text
    doc_id INTEGER NOT NULL REFERENCES document (id),
    version INTEGER NOT NULL,                 -- 1, 2, …
    source_lang TEXT NOT NULL,                -- language it was written in
    made_ms INTEGER NOT NULL,                 -- when it was written
    made_by INTEGER,                          -- person.id; NULL = the system
    PRIMARY KEY (doc_id, version)
) STRICT;

CREATE TABLE document_text (                  -- class: as its document. Never changed: a correction is a new revision
    doc_id INTEGER NOT NULL,
    version INTEGER NOT NULL,                 -- source version that this text says
    lang TEXT NOT NULL,                       -- language of this text
    revision INTEGER NOT NULL,                -- 1, 2, … corrections of one translation; the highest is shown
    title TEXT NOT NULL,                      -- may be empty
    body TEXT NOT NULL,                       -- Markdown
    written_ms INTEGER NOT NULL,              -- when
    written_by INTEGER,                       -- person.id; NULL = the system
    PRIMARY KEY (doc_id, lang, version, revision),
    FOREIGN KEY (doc_id, version) REFERENCES document_version (doc_id, version)
) STRICT;

-- ---- consent.h ----

CREATE TABLE consent (                        -- class: record
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id), -- who agreed
    purpose TEXT NOT NULL,                    -- "service", "share-org", "research", "quote", "platform"
    method TEXT NOT NULL,                     -- "signature", "recorded-voice", "witnessed", "online"
    doc_id INTEGER NOT NULL REFERENCES document (id), -- document.id
    doc_version INTEGER NOT NULL,             -- the exact text that was shown …
    lang TEXT NOT NULL,                       -- … and its language
    text_hash BLOB NOT NULL,                  -- SHA-256 of that title, a line feed and the body
    recipient_org INTEGER NOT NULL,           -- organisation.id; 0 = none
    staff_person INTEGER,                     -- who took it; NULL = the person alone
    given_ms INTEGER NOT NULL,                -- since when
    expires_ms INTEGER,                       -- NULL = until withdrawn
    withdrawn_ms INTEGER                      -- from here on it counts for nothing
) STRICT;
CREATE INDEX consent_by_person ON consent (person_id, purpose, recipient_org);

-- ---- notify.h ----

CREATE TABLE notice (                         -- class: record
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id), -- who reads it
    msgid TEXT NOT NULL,                      -- message id, shown in the reader's language
    about INTEGER,                            -- person.id whose name stands in the sentence; NULL = nobody's
    arg0 BLOB NOT NULL,                       -- sealed; never a person's name
    arg1 BLOB NOT NULL,                       -- sealed
    path TEXT NOT NULL,                       -- where it leads, from "/"; may be empty
    at_ms INTEGER NOT NULL,                   -- when it was made
    read_ms INTEGER                           -- when it was read
) STRICT;
CREATE INDEX notice_by_person ON notice (person_id, id);
CREATE INDEX notice_unread ON notice (person_id) WHERE read_ms IS NULL;

-- ---- org.h ----

CREATE TABLE organisation (                   -- class: public
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,                       -- "agency", "umbrella", "hub", "partnership", "school", "funder", "solo", …
    name TEXT NOT NULL,                       -- as it writes itself
    url TEXT NOT NULL,                        -- http(s), may be empty
    lang TEXT NOT NULL,                       -- main language
    created_ms INTEGER NOT NULL               -- when it was added
) STRICT;

CREATE TABLE setting (                        -- class: organisation. Never a secret
    key TEXT PRIMARY KEY,                     -- "network.name"
    value TEXT NOT NULL,                      -- as text
    changed_ms INTEGER NOT NULL,              -- when
    changed_by INTEGER                        -- person.id; NULL = the system
) STRICT;
