-- SPDX-License-Identifier: EUPL-1.2
-- usage: honest monthly numbers computed from activity. Privacy classes as in design.md §4.
-- A month is year * 12 + month - 1, by the wall clock of the community.

CREATE TABLE usage_month (                    -- class: organisation. Closed months: computed once, then kept
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    month INTEGER NOT NULL,                   -- which
    definition INTEGER NOT NULL,              -- USAGE_DEFINITION when it was computed: what the lines meant
    closed_ms INTEGER NOT NULL,               -- when it was computed
    PRIMARY KEY (community_id, month)
) STRICT;

CREATE TABLE usage_figure (                   -- class: organisation. The figures of closed months; 0 is left out
    community_id INTEGER NOT NULL,            -- the community
    month INTEGER NOT NULL,                   -- which
    split TEXT NOT NULL,                      -- '' = all, "lang", "channel", "type" of post, "hour" of the week
    part TEXT NOT NULL,                       -- '' or the code; of an hour: weekday (Monday 0) * 24 + hour
    line TEXT NOT NULL,                       -- usage_line_code(): "members", "new", …
    n INTEGER NOT NULL,                       -- how many
    PRIMARY KEY (community_id, month, split, part, line)
) STRICT;

CREATE TABLE usage_end (                      -- class: organisation. The number of members that a platform shows (A-55)
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    month INTEGER NOT NULL,                   -- at the end of which
    entered INTEGER NOT NULL,                 -- as a person read it there
    gone INTEGER NOT NULL,                    -- accepted as silently gone in this month; below 0 = found again
    note BLOB NOT NULL,                       -- why, sealed with the installation's key
    by_person INTEGER NOT NULL,               -- person.id of core
    at_ms INTEGER NOT NULL,                   -- when
    PRIMARY KEY (community_id, month)
) STRICT;

CREATE TABLE usage_note (                     -- class: organisation. What may have caused a rise or fall (EVAL-4)
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    month INTEGER NOT NULL,                   -- of which
    text BLOB NOT NULL,                       -- sealed with the installation's key
    by_person INTEGER NOT NULL,               -- person.id of core
    at_ms INTEGER NOT NULL                    -- when
) STRICT;
CREATE INDEX usage_note_of ON usage_note (community_id, month, id);

CREATE TABLE usage_category (                 -- class: organisation. Activity categories of a community (T-5, Q-19)
    community_id INTEGER NOT NULL REFERENCES community (id), -- no row = the shipped four
    code TEXT NOT NULL,                       -- stays when the name changes
    position INTEGER NOT NULL,                -- order of the rows
    name TEXT NOT NULL,                       -- '' = the shipped words
    source TEXT NOT NULL,                     -- what counts: a line code, "post:<type>", '' = imported figures only
    PRIMARY KEY (community_id, code)
) STRICT;

CREATE TABLE usage_import (                   -- class: organisation. A table that was taken over from before
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    reason BLOB NOT NULL,                     -- where it is from and why it was accepted, sealed
    corrected TEXT NOT NULL,                  -- "Referrals, Sep: 199 → 19", or empty
    remarks INTEGER NOT NULL,                 -- printed totals that differed when it was accepted
    by_person INTEGER NOT NULL,               -- person.id of core
    at_ms INTEGER NOT NULL                    -- when
) STRICT;
CREATE INDEX usage_import_of ON usage_import (community_id, id);

CREATE TABLE usage_imported (                 -- class: organisation. Its cells; a month shows those of the newest table
    community_id INTEGER NOT NULL,            -- the community
    month INTEGER NOT NULL,                   -- which
    import_id INTEGER NOT NULL REFERENCES usage_import (id), -- the table that says so
    category TEXT NOT NULL,                   -- usage_category.code
    n INTEGER NOT NULL,                       -- how many
    PRIMARY KEY (community_id, month, import_id, category)
) STRICT;
CREATE INDEX usage_imported_of ON usage_imported (import_id, month);

CREATE TABLE usage_summary (                  -- class: public. "What we did last month", as it was published (EVAL-14)
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    month INTEGER NOT NULL,                   -- which
    members INTEGER NOT NULL,                 -- at its end
    joined INTEGER NOT NULL,                  -- new members
    asked INTEGER NOT NULL,                   -- public questions
    answered INTEGER NOT NULL,                -- public questions answered
    in_time INTEGER NOT NULL,                 -- questions answered within the promise
    promised INTEGER NOT NULL,                -- questions that had one
    median_ms INTEGER NOT NULL,               -- to an answer; -1 = none
    posts INTEGER NOT NULL,                   -- posts of the moderators
    by_person INTEGER NOT NULL,               -- person.id of core
    published_ms INTEGER NOT NULL,            -- when
    PRIMARY KEY (community_id, month)
) STRICT;

CREATE TABLE usage_summary_text (             -- class: public. What the moderators add in their words
    community_id INTEGER NOT NULL,            -- the community
    month INTEGER NOT NULL,                   -- which
    lang TEXT NOT NULL,                       -- language code of this row
    words TEXT NOT NULL,                      -- as typed
    PRIMARY KEY (community_id, month, lang)
) STRICT;
