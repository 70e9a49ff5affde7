-- SPDX-License-Identifier: EUPL-1.2
-- program: programs with modes offered, who is enrolled, which mode each person prefers and uses. Privacy classes as in design.md §4.
-- No column of these tables holds an amount of money: a program asks participants for nothing (EQ-6).

CREATE TABLE program (                        -- class: public once open. Names and purposes are a document of core
    id INTEGER PRIMARY KEY,
    owner_org INTEGER NOT NULL,               -- organisation.id; a solo organiser is one too
    state INTEGER NOT NULL,                   -- enum program_state: draft, open, closed
    modes INTEGER NOT NULL,                   -- modes offered: bits 1 << enum delivery
    languages TEXT NOT NULL,                  -- codes with spaces, the first is the source
    territory TEXT NOT NULL,                  -- where it works, in words
    zone TEXT NOT NULL,                       -- IANA name: what "today" is
    starts_on TEXT NOT NULL,                  -- day, YYYY-MM-DD; empty = not said
    ends_on TEXT NOT NULL,                    -- last day; empty = not said
    community_id INTEGER,                     -- its message space (community.id); NULL = none
    words_doc INTEGER,                        -- document.id; NULL while it is being made
    created_ms INTEGER NOT NULL,              -- made
    created_by INTEGER NOT NULL,              -- person; 0 = the system
    changed_ms INTEGER NOT NULL               -- settings last changed
) STRICT;
CREATE UNIQUE INDEX program_space ON program (community_id) WHERE community_id IS NOT NULL;

CREATE TABLE enrolment (                      -- class: record. A person in a program: joining another one adds a row here, never a person (PPL-1)
    id INTEGER PRIMARY KEY,
    program_id INTEGER NOT NULL REFERENCES program (id), -- the program
    person_id INTEGER NOT NULL,               -- person.id of core
    since_day INTEGER NOT NULL,               -- first day, days since 1970-01-01
    ended_day INTEGER,                        -- last day; NULL = still enrolled
    end_reason TEXT NOT NULL,                 -- code: completed, moved-away, …; empty while enrolled
    prefers INTEGER NOT NULL,                 -- enum wish: as it is now
    uses INTEGER NOT NULL                     -- enum delivery, or not set: as it is now
) STRICT;
CREATE UNIQUE INDEX enrolment_open ON enrolment (program_id, person_id) WHERE ended_day IS NULL;
CREATE INDEX enrolment_of ON enrolment (program_id, id);
CREATE INDEX enrolment_person ON enrolment (person_id, id);

CREATE TABLE enrolment_step (                 -- class: record. What changed, when and by whom; reports look back through it
    id INTEGER PRIMARY KEY,
    enrolment_id INTEGER NOT NULL REFERENCES enrolment (id), -- whose
    at_ms INTEGER NOT NULL,                   -- written
    by_person INTEGER NOT NULL,               -- who; 0 = the system
    what TEXT NOT NULL,                       -- "enrolled", "changed", "ended", "taken-back"
    on_day INTEGER NOT NULL,                  -- the day from which it holds
    prefers INTEGER NOT NULL,                 -- enum wish, afterwards
    uses INTEGER NOT NULL                     -- enum delivery or not set, afterwards
) STRICT;
CREATE INDEX enrolment_step_of ON enrolment_step (enrolment_id, id);

CREATE TABLE program_wish (                   -- class: record. Said by a member of the message space before being enrolled
    program_id INTEGER NOT NULL REFERENCES program (id), -- the program
    person_id INTEGER NOT NULL,               -- person.id of core
    prefers INTEGER NOT NULL,                 -- enum wish
    at_ms INTEGER NOT NULL,                   -- when
    PRIMARY KEY (program_id, person_id)
) STRICT;
