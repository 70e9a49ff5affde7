-- SPDX-License-Identifier: EUPL-1.2
-- moderation: ladders, strikes, reports, appeals, one review queue (MOD, SAFE). Privacy classes as in design.md §4.
-- What people write here (reports, appeals, reasons, copies of messages) is sealed with the key of the person whose
-- words they are: erasing that person erases them.

CREATE TABLE mod_setting (                    -- class: organisation. One row when something differs from the defaults
    community_id INTEGER PRIMARY KEY REFERENCES community (id),
    removal_notice INTEGER NOT NULL,          -- enum mod_notice: as the step says without a name, with the name, never
    personal INTEGER NOT NULL,                -- enum mod_personal: how words that look personal are met (CNS-6)
    strike_days INTEGER NOT NULL,             -- a strike counts so long
    appeal_days INTEGER NOT NULL,             -- an appeal may be sent so long
    decide_days INTEGER NOT NULL,             -- … and is decided in so many days
    excluded TEXT NOT NULL,                   -- topics excluded for neutrality: "political religious" (SAFE-2)
    auto_mode INTEGER NOT NULL,               -- enum auto_mode: automatic rules off, simulated, enforced
    flood INTEGER NOT NULL,                   -- more messages of one person in a minute; 0 = off
    mute_minutes INTEGER NOT NULL,            -- … and so long the person cannot write
    wave INTEGER NOT NULL,                    -- people who ask to join …; 0 = off
    wave_minutes INTEGER NOT NULL,            -- … within so long …
    wave_hold INTEGER NOT NULL,               -- … shut the door for so long, in minutes
    new_days INTEGER NOT NULL,                -- who is a new member
    mentions INTEGER NOT NULL,                -- more people called by name; 0 = off
    links INTEGER NOT NULL,                   -- 1 = links of new members are held
    forwarded INTEGER NOT NULL,               -- 1 = forwarded messages of new members are held
    first_image INTEGER NOT NULL,             -- 1 = a picture as the first message is held
    watched TEXT NOT NULL,                    -- watched words, one a line
    changed_ms INTEGER NOT NULL               -- last written
) STRICT;

CREATE TABLE mod_ladder (                     -- class: organisation. What follows on a breach of one category (MOD-2)
    community_id INTEGER NOT NULL REFERENCES community (id),
    category TEXT NOT NULL,                   -- code: "off-topic", …
    name TEXT NOT NULL,                       -- a shipped ladder, or "own"
    steps TEXT NOT NULL,                      -- one step a line: "delete repost suggest"
    changed_ms INTEGER NOT NULL,              -- last written
    PRIMARY KEY (community_id, category)
) STRICT;

CREATE TABLE mod_text (                       -- class: public
    community_id INTEGER NOT NULL REFERENCES community (id),
    kind TEXT NOT NULL,                       -- "groups": better-suited groups (MOD-7); "numbers": emergency (SAFE-3)
    lang TEXT NOT NULL,                       -- language of this row
    body TEXT NOT NULL,                       -- one a line; numbers as "911 = Police, fire, ambulance"
    changed_ms INTEGER NOT NULL,              -- last written
    PRIMARY KEY (community_id, kind, lang)
) STRICT;

CREATE TABLE mod_oncall (                     -- class: organisation. Who is alerted at any hour (SAFE-1, SAFE-3)
    community_id INTEGER NOT NULL REFERENCES community (id),
    person_id INTEGER NOT NULL,               -- person.id of core
    hours TEXT NOT NULL,                      -- base/hours.h in the community's zone; empty = at any hour
    since_ms INTEGER NOT NULL,                -- since when
    PRIMARY KEY (community_id, person_id)
) STRICT;

CREATE TABLE mod_action (                     -- class: record. A strike: what was done, to whom, why (channels.md §1.7)
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    person_id INTEGER NOT NULL,               -- who broke the guidelines
    message_id INTEGER,                       -- the message it is about; NULL = none
    item_id INTEGER,                          -- mod_item that led to it (a report); NULL = a moderator saw it
    category TEXT NOT NULL,                   -- code
    ladder TEXT NOT NULL,                     -- name of the ladder at that time
    step INTEGER NOT NULL,                    -- from 1
    acts TEXT NOT NULL,                       -- what was done, as in the ladder: "delete repost suggest"
    weight INTEGER NOT NULL,                  -- how many breaches it counts as
    clause TEXT NOT NULL,                     -- quoted from the guidelines
    guidelines_version INTEGER NOT NULL,      -- the version this person accepted
    reason BLOB NOT NULL,                     -- sealed for person_id; empty = none
    evidence BLOB NOT NULL,                   -- sealed for person_id: the words, copied before anything was taken away
    by_person INTEGER NOT NULL,               -- who decided
    at_ms INTEGER NOT NULL,                   -- when
    expires_ms INTEGER NOT NULL,              -- it counts until then
    undone_ms INTEGER,                        -- taken back; NULL = stands
    undone_by INTEGER,                        -- who took it back
    undone_item INTEGER                       -- the appeal that was granted; NULL = taken back without one
) STRICT;
CREATE INDEX mod_action_person ON mod_action (community_id, person_id, id);
CREATE INDEX mod_action_log ON mod_action (community_id, id);
CREATE UNIQUE INDEX mod_action_message ON mod_action (message_id) -- one breach is one strike, whoever was quicker
    WHERE message_id IS NOT NULL AND undone_ms IS NULL AND ladder <> 'automatic';

CREATE TABLE mod_penalty (                    -- class: record. What a strike keeps a person from, and until when
    id INTEGER PRIMARY KEY,
    action_id INTEGER NOT NULL REFERENCES mod_action (id), -- its cause: lifted through that only
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    person_id INTEGER NOT NULL,               -- whom
    kind INTEGER NOT NULL,                    -- enum mod_penalty_kind: restriction, removal, block
    until_ms INTEGER NOT NULL,                -- 0 = until lifted
    lifted_ms INTEGER                         -- NULL = in force
) STRICT;
CREATE INDEX mod_penalty_person ON mod_penalty (community_id, person_id) WHERE lifted_ms IS NULL;
CREATE INDEX mod_penalty_action ON mod_penalty (action_id);

CREATE TABLE mod_item (                       -- class: restricted. The review queue (SAFE-1, MOD-6, MOD-8, CNS-6)
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    kind INTEGER NOT NULL,                    -- enum mod_item_kind
    state INTEGER NOT NULL,                   -- enum mod_item_state: open, granted, declined
    urgent INTEGER NOT NULL,                  -- 1 = the on-call person was alerted
    category TEXT NOT NULL,                   -- code; empty for appeals and submissions
    message_id INTEGER,                       -- the message it is about; NULL = none
    action_id INTEGER,                        -- the sanction that is appealed; NULL = none
    about INTEGER NOT NULL,                   -- author of the message; 0 = nobody
    from_person INTEGER NOT NULL,             -- who reports, appeals, submits
    hidden_from INTEGER NOT NULL,             -- never visible to this person (MOD-11); 0 = nobody
    conflict INTEGER NOT NULL,                -- 1 = it involves a moderator: the owner sees it too
    lang TEXT NOT NULL,                       -- of from_person
    words BLOB NOT NULL,                      -- sealed for from_person; empty = none
    copy BLOB NOT NULL,                       -- sealed for `about`: the message at that time
    at_ms INTEGER NOT NULL,                   -- when it came
    start_ms INTEGER NOT NULL,                -- its clock starts (A-72)
    due_ms INTEGER NOT NULL,                  -- to be decided by then; 0 = no promise
    note BLOB NOT NULL,                       -- sealed for from_person: notes of mediation between moderators
    reason BLOB NOT NULL,                     -- sealed for from_person: told with the decision
    decided_by INTEGER,                       -- who decided
    decided_ms INTEGER                        -- when
) STRICT;
CREATE INDEX mod_item_open ON mod_item (community_id, urgent, due_ms, id) WHERE state = 0;
CREATE INDEX mod_item_done ON mod_item (community_id, id) WHERE state <> 0;
CREATE INDEX mod_item_from ON mod_item (from_person, id);
CREATE UNIQUE INDEX mod_item_once ON mod_item (kind, from_person, message_id) WHERE state = 0 AND message_id IS NOT NULL;
CREATE UNIQUE INDEX mod_item_appeal ON mod_item (action_id) WHERE kind = 1;
CREATE INDEX mod_item_about ON mod_item (about, community_id) WHERE state = 0;
CREATE INDEX mod_item_action ON mod_item (action_id, kind) WHERE action_id IS NOT NULL;

CREATE TABLE mod_wave (                       -- class: organisation. A wave of join requests, and until when the door is shut
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    item_id INTEGER NOT NULL REFERENCES mod_item (id), -- where it is decided: lifted through that only
    simulated INTEGER NOT NULL,               -- 1 = nothing was shut
    began_ms INTEGER NOT NULL,                -- who came since then is held
    until_ms INTEGER NOT NULL                 -- the door is shut until then; brought forward when it is lifted
) STRICT;
CREATE INDEX mod_wave_now ON mod_wave (community_id, until_ms);
CREATE INDEX mod_wave_item ON mod_wave (item_id);

CREATE TABLE guarded_name (                   -- class: restricted. Names a person must not publish by mistake (A-34)
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL,               -- whose file it is
    name BLOB NOT NULL,                       -- sealed for person_id
    at_ms INTEGER NOT NULL                    -- when it was added
) STRICT;
CREATE INDEX guarded_name_of ON guarded_name (person_id, id);

CREATE TABLE guarded_word (                   -- class: restricted
    name_id INTEGER NOT NULL REFERENCES guarded_name (id),
    person_id INTEGER NOT NULL,               -- whose file it is
    word BLOB NOT NULL,                       -- blind index of the folded word together with person_id
    PRIMARY KEY (name_id, word)
) STRICT;
CREATE INDEX guarded_word_of ON guarded_word (person_id, word);
