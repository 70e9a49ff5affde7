-- SPDX-License-Identifier: EUPL-1.2
-- planning: the planning file, platform choice, promotion kit, platform move, winding down, presets. Privacy classes as in design.md §4.
-- The file is an organisation's own document: roles and reasons, not persons. What belongs to a person (a file number) is sealed.

CREATE TABLE planning (                       -- class: organisation. One row a community that planning knows something about
    community_id INTEGER PRIMARY KEY,         -- community.id
    started_ms INTEGER,                       -- when its planning file was begun; NULL = not begun
    preset TEXT NOT NULL,                     -- code of the preset it was made from; empty = none
    needs_file INTEGER NOT NULL,              -- 1 = a private thread needs a file number and a signed consent (A-33)
    partner_admins INTEGER NOT NULL,          -- 1 = each partner needs an administrator before opening (A-31)
    per_moderator INTEGER NOT NULL,           -- members one active moderator can look after (Q-34)
    workload_told_ms INTEGER                  -- when the alert was told; NULL = it is off
) STRICT;

CREATE TABLE planning_entry (                 -- class: organisation. Each text as it was saved; the newest of a field counts
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL,            -- community.id
    field TEXT NOT NULL,                      -- code of planning_fields.h, with ".fr" where there are languages
    value TEXT NOT NULL,                      -- as typed; empty = taken back
    written_ms INTEGER NOT NULL,              -- when
    written_by INTEGER NOT NULL               -- person; 0 = the system
) STRICT;
CREATE INDEX planning_entry_of ON planning_entry (community_id, field, id);

CREATE TABLE planning_line (                  -- class: organisation. Counts of the audience study, resources, own factors
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL,            -- community.id
    list TEXT NOT NULL,                       -- which list: "app", "device", "people", …
    what TEXT NOT NULL,                       -- the thing or role
    number INTEGER NOT NULL,                  -- persons, percent, dollars or a level, as the list says
    note TEXT NOT NULL,                       -- details
    removed_ms INTEGER                        -- taken off the list
) STRICT;
CREATE INDEX planning_line_of ON planning_line (community_id, list, id);

CREATE TABLE planning_override (              -- class: organisation. Opened although a line was not "yes" (A-29)
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL,            -- community.id
    lines TEXT NOT NULL,                      -- codes of the lines that were not "yes", with spaces
    reason TEXT NOT NULL,                     -- why all the same
    at_ms INTEGER NOT NULL,                   -- when
    by_person INTEGER NOT NULL                -- who
) STRICT;
CREATE INDEX planning_override_of ON planning_override (community_id, id);

CREATE TABLE partner_admin (                  -- class: organisation. Who administers for which partner (A-31)
    community_id INTEGER NOT NULL,            -- community.id
    org_id INTEGER NOT NULL,                  -- organisation.id of the partner
    person_id INTEGER NOT NULL,               -- person.id of core
    since_ms INTEGER NOT NULL,                -- since when
    PRIMARY KEY (community_id, org_id, person_id)
) STRICT;

CREATE TABLE member_file (                    -- class: restricted. The number of a person's case file (A-33)
    community_id INTEGER NOT NULL,            -- community.id
    person_id INTEGER NOT NULL,               -- person.id of core
    file_number BLOB NOT NULL,                -- sealed with the person's key
    written_ms INTEGER NOT NULL,              -- when
    written_by INTEGER NOT NULL,              -- person
    PRIMARY KEY (community_id, person_id)
) STRICT;

CREATE TABLE promo_place (                    -- class: organisation. Where something of the promotion kit was placed (MSG-19)
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL,            -- community.id
    code TEXT NOT NULL,                       -- source of the join requests that come from there
    place TEXT NOT NULL,                      -- "Library, main hall"
    item TEXT NOT NULL,                       -- "poster", "card", "newsletter", …
    lang TEXT NOT NULL,                       -- language of what was placed
    placed_on TEXT NOT NULL,                  -- day, YYYY-MM-DD
    placed_by INTEGER NOT NULL,               -- person
    removed_ms INTEGER,                       -- no longer there
    UNIQUE (community_id, code)
) STRICT;

CREATE TABLE move (                           -- class: organisation. From one platform to another (MSG-16)
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL,            -- community.id
    from_kind TEXT NOT NULL,                  -- kind of the channel that is left
    to_kind TEXT NOT NULL,                    -- kind of the new one; "web" = our own pages
    to_channel INTEGER,                       -- channel.id of the new one; NULL = web
    address TEXT NOT NULL,                    -- link to the new place for members; empty = web
    started_ms INTEGER NOT NULL,              -- when it began
    started_by INTEGER NOT NULL,              -- person
    reminded_ms INTEGER,                      -- last reminder
    reminders INTEGER NOT NULL,               -- how many there were
    ended_ms INTEGER                          -- closed: who had not answered counts as lost
) STRICT;
CREATE UNIQUE INDEX move_open ON move (community_id) WHERE ended_ms IS NULL;
CREATE INDEX move_of ON move (community_id, id);

CREATE TABLE move_person (                    -- class: record
    move_id INTEGER NOT NULL REFERENCES move (id), -- the move
    person_id INTEGER NOT NULL,               -- person.id of core
    state INTEGER NOT NULL,                   -- enum move_state: invited, moved, declined, lost
    token BLOB NOT NULL,                      -- MAC of the personal link
    changed_ms INTEGER NOT NULL,              -- last change
    PRIMARY KEY (move_id, person_id)
) STRICT;
CREATE UNIQUE INDEX move_token ON move_person (token);
CREATE INDEX move_state ON move_person (move_id, state, person_id);

CREATE TABLE ending (                         -- class: public. How a community is wound down (MSG-18)
    community_id INTEGER PRIMARY KEY,         -- community.id
    reason TEXT NOT NULL,                     -- code: purpose-reached, moved, no-capacity, other
    words TEXT NOT NULL,                      -- in the words of the team, in the main language
    announced_ms INTEGER NOT NULL,            -- members were told
    announced_by INTEGER NOT NULL,            -- person
    read_only_on TEXT NOT NULL,               -- day from which nothing more is written, YYYY-MM-DD
    archive_on TEXT NOT NULL,                 -- day from which only members and staff read
    read_only_ms INTEGER,                     -- when it became so
    archived_ms INTEGER                       -- when it became so
) STRICT;
