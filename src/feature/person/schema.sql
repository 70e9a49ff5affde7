-- SPDX-License-Identifier: EUPL-1.2
-- person: what is recorded once about a person for everybody who works with them. Privacy classes as in design.md §4.
-- "sealed": with the key of the person of the row (vault.h), so that erasing the person erases it. Rows stay under the
-- id they were written for: after a merge they are read under both, and a merge taken back needs no moving.

CREATE TABLE person_speech (                  -- class: record. What a person speaks and reads (LANG-3)
    person_id INTEGER PRIMARY KEY,            -- person.id of core
    languages BLOB NOT NULL,                  -- sealed: "ar=sr fr=r", s speaks, r reads
    changed_ms INTEGER NOT NULL,              -- when
    changed_by INTEGER NOT NULL               -- person.id: the person or staff; 0 = the system
) STRICT;

CREATE TABLE language_level (                 -- class: restricted. One finding in one skill on one scale (LANG-7)
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL,               -- person.id of core
    scale TEXT NOT NULL,                      -- "clb" (English), "nclc" (French): never compared, never averaged
    skill TEXT NOT NULL,                      -- "listening", "speaking", "reading", "writing"
    level BLOB NOT NULL,                      -- sealed: 1 to 12
    known TEXT NOT NULL,                      -- how it is known: "assessed", "self"
    assessor BLOB NOT NULL,                   -- sealed: who assessed it; empty when the person says so
    on_day TEXT NOT NULL,                     -- day of the assessment, YYYY-MM-DD
    noted_by INTEGER NOT NULL,                -- person.id: the member of staff who wrote it down
    noted_ms INTEGER NOT NULL,                -- when
    withdrawn_ms INTEGER,                     -- it was wrong: kept as a trace, counts no more
    withdrawn_by INTEGER,                     -- person.id
    withdrawn_why TEXT NOT NULL DEFAULT ''    -- code: "typing", "other-person", "doubtful"
) STRICT;
CREATE INDEX language_level_of ON language_level (person_id, id);

CREATE TABLE disclosure (                     -- class: restricted. What left the service about a person (CNS-3)
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL,               -- person.id of core
    what BLOB NOT NULL,                       -- sealed: which information
    recipient BLOB NOT NULL,                  -- sealed: who received it
    basis TEXT NOT NULL,                      -- "consent", "asked", "implied", "emergency", "law"
    reason BLOB NOT NULL,                     -- sealed: needed without consent (CNS-4, CNS-5); else may be empty
    given_ms INTEGER NOT NULL,                -- when it was passed on
    noted_by INTEGER NOT NULL,                -- person.id: the member of staff who passed it on and wrote it down
    noted_ms INTEGER NOT NULL                 -- when it was written down
) STRICT;
CREATE INDEX disclosure_of ON disclosure (person_id, id);

CREATE TABLE erasure_request (                -- class: restricted. "Delete what is kept about me" (CNS-8)
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL,               -- person.id of core
    state TEXT NOT NULL,                      -- "open", "done", "declined", "withdrawn"
    words BLOB NOT NULL,                      -- sealed: what the person wrote; may be empty
    asked_ms INTEGER NOT NULL,                -- when
    decided_ms INTEGER,                       -- done, declined or withdrawn
    decided_by INTEGER,                       -- person.id
    reason BLOB NOT NULL                      -- sealed: why it was declined, as the person is told
) STRICT;
CREATE UNIQUE INDEX erasure_request_open ON erasure_request (person_id) WHERE state = 'open';
CREATE INDEX erasure_request_queue ON erasure_request (state, asked_ms, id);
CREATE INDEX erasure_request_of ON erasure_request (person_id, id);

CREATE TABLE retention_run (                  -- class: organisation. What the rules of retention emptied (CNS-8): the report
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,                       -- "joins", "exits", "threads", "requests"
    days INTEGER NOT NULL,                    -- the rule that was in force
    n INTEGER NOT NULL,                       -- how many records went
    at_ms INTEGER NOT NULL                    -- when
) STRICT;
