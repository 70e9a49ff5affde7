-- SPDX-License-Identifier: EUPL-1.2
-- work: what happens later, durably. States of outbox are numbers of enum out_state (work.h), written out in indexes:
-- 0 queued, 1 sending, 2 sent, 3 delivered, 4 read, 5 failed, 6 in doubt, 7 held, 8 cancelled, 9 by hand.

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,            -- time-ordered; sends with one order_key go in this order
    channel_id INTEGER NOT NULL,       -- channel it leaves through (room channel)
    lane INTEGER NOT NULL,             -- 0 interactive, 1 bulk
    state INTEGER NOT NULL,            -- enum out_state
    order_key TEXT NOT NULL,           -- chat whose order is kept; '' = none
    payload TEXT NOT NULL,             -- JSON of the channel room; sealed there where it holds a person's words
    not_before_ms INTEGER NOT NULL,    -- earliest time of the next try, ms UTC
    attempts INTEGER NOT NULL,         -- tries begun; a pause asked by the provider (429) does not count; -1 = a person said what came of it
    subject TEXT NOT NULL,             -- who wants to know the result: 'message', 'notice', ...
    subject_id INTEGER NOT NULL,       -- its id; 0 = none
    idem_key TEXT,                     -- a second row with this key is not added; NULL = none
    provider_id TEXT,                  -- the provider's id of what was sent; NULL = not known
    more_ids TEXT,                     -- ids of its later parts, with spaces between, when it went out in parts; NULL = it did not
    error_code TEXT NOT NULL,          -- the provider's or our code of the last failure; '' = none; no words of persons
    created_ms INTEGER NOT NULL,       -- when it was queued, ms UTC
    changed_ms INTEGER NOT NULL,       -- last change of state, ms UTC
    lease_owner TEXT,                  -- engine that is sending it (lease.c); NULL when nobody is
    lease_until_ms INTEGER             -- past this time a sending row is in doubt, ms UTC
) STRICT;
-- Finished rows are in none of these five: a million of them do not slow a claim.
CREATE INDEX outbox_due ON outbox (channel_id, lane, not_before_ms, id) WHERE state = 0;
CREATE INDEX outbox_answers ON outbox (not_before_ms) WHERE state = 0 AND lane = 0;
CREATE INDEX outbox_order ON outbox (channel_id, order_key, id) WHERE state <= 1 AND order_key <> '';
CREATE INDEX outbox_sending ON outbox (channel_id, order_key) WHERE state = 1;
CREATE INDEX outbox_held ON outbox (not_before_ms) WHERE state = 7;
CREATE INDEX outbox_waits ON outbox (channel_id, order_key) WHERE state = 7 AND order_key <> '';
CREATE UNIQUE INDEX outbox_idem ON outbox (idem_key) WHERE idem_key IS NOT NULL;
CREATE INDEX outbox_provider ON outbox (channel_id, provider_id, id) WHERE provider_id IS NOT NULL;
CREATE INDEX outbox_channel ON outbox (channel_id, id);
CREATE INDEX outbox_bulk ON outbox (subject, subject_id, channel_id, state, id) WHERE lane = 1;
CREATE INDEX outbox_finished ON outbox (state, id) WHERE state >= 2;

-- send_pace: the token bucket of a channel and its pause, shared by all processes. Locked by each claim.
CREATE TABLE send_pace (
    channel_id INTEGER PRIMARY KEY,    -- channel of the outbox
    tokens REAL NOT NULL,              -- sends that may leave at once, as of filled_ms
    filled_ms INTEGER NOT NULL,        -- when tokens were counted, ms UTC
    paused_until_ms INTEGER NOT NULL   -- the provider asked to wait until then (429), ms UTC; 0 = never did
) STRICT;

CREATE TABLE timer (
    kind TEXT NOT NULL,                -- what to do: the name a feature registered
    subject_id INTEGER NOT NULL,       -- with which thing
    due_ms INTEGER NOT NULL,           -- when, ms UTC
    run_ms INTEGER NOT NULL,           -- next try: due_ms, or later after failures, ms UTC
    fails INTEGER NOT NULL,            -- failures in a row
    PRIMARY KEY (kind, subject_id)
) STRICT;
CREATE INDEX timer_run ON timer (run_ms);

CREATE TABLE event (
    id INTEGER PRIMARY KEY,            -- time-ordered, minted by the writer
    seq INTEGER,                       -- place in the order of delivery; NULL until an engine numbered it
    name TEXT NOT NULL,                -- 'question.answered'
    subject_id INTEGER NOT NULL,       -- what it is about
    data TEXT NOT NULL,                -- small JSON object of ids and codes, no words of persons
    at_ms INTEGER NOT NULL             -- when it happened, ms UTC
) STRICT;
CREATE UNIQUE INDEX event_seq ON event (seq) WHERE seq IS NOT NULL;
CREATE INDEX event_unnumbered ON event (id) WHERE seq IS NULL;

CREATE TABLE event_cursor (
    subscriber TEXT PRIMARY KEY,       -- name a feature registered; '' = the last number given
    seq INTEGER NOT NULL,              -- last event delivered
    fails INTEGER NOT NULL,            -- failures in a row with the next event
    retry_ms INTEGER NOT NULL          -- not before this time, ms UTC
) STRICT;

CREATE TABLE job_lease (
    name TEXT PRIMARY KEY,             -- job that only one engine may do at a time
    owner TEXT NOT NULL,               -- engine that does it (lease.c)
    until_ms INTEGER NOT NULL          -- others may take it after this time, ms UTC
) STRICT;
