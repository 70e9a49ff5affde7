-- SPDX-License-Identifier: EUPL-1.2
-- interpreting: who interprets, their confidentiality undertakings, appointments, and which words came through somebody
-- else (LANG-5). Privacy classes as in design.md §4.

CREATE TABLE interpreter (                    -- class: organisation
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL,               -- person.id of core: holds the name; may have an account
    kind INTEGER NOT NULL,                    -- enum interpreter_kind: staff, volunteer, outside service
    service TEXT NOT NULL,                    -- organisation or service; empty = ours
    modes INTEGER NOT NULL,                   -- bits of enum interp_mode
    availability BLOB NOT NULL,               -- usual hours in words, sealed with the interpreter's key
    reached BLOB NOT NULL,                    -- telephone, address …: sealed with the interpreter's key
    active INTEGER NOT NULL,                  -- 0 = is not offered any more
    turns INTEGER NOT NULL,                   -- grows with each appointment made or moved: two at once meet here
    added_by INTEGER NOT NULL,                -- person
    added_ms INTEGER NOT NULL                 -- when
) STRICT;
CREATE UNIQUE INDEX interpreter_person ON interpreter (person_id);

CREATE TABLE interpreter_lang (               -- class: organisation. Languages that somebody interprets between
    interpreter_id INTEGER NOT NULL REFERENCES interpreter (id), -- who
    lang TEXT NOT NULL,                       -- code as in languages_offered of person
    PRIMARY KEY (interpreter_id, lang)
) STRICT;

CREATE TABLE undertaking (                    -- class: organisation. A promise of confidentiality, given by a person
    id INTEGER PRIMARY KEY,
    interpreter_id INTEGER NOT NULL REFERENCES interpreter (id), -- who promised
    doc_id INTEGER NOT NULL,                  -- document.id of core: the text …
    doc_version INTEGER NOT NULL,             -- … in this version
    lang TEXT NOT NULL,                       -- language in which it was read
    method INTEGER NOT NULL,                  -- enum consent_method: signature, recorded voice, witnessed
    signed_day INTEGER NOT NULL,              -- civil day from which it holds
    until_day INTEGER,                        -- last civil day; NULL = no end
    recorded_by INTEGER NOT NULL,             -- person who recorded it
    recorded_ms INTEGER NOT NULL              -- when
) STRICT;
CREATE INDEX undertaking_of ON undertaking (interpreter_id, signed_day);

CREATE TABLE booking (                        -- class: record. An appointment with an interpreter
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL,               -- person.id of core: for whom
    interpreter_id INTEGER NOT NULL REFERENCES interpreter (id), -- who interprets
    community_id INTEGER,                     -- community.id through which the person is reached; NULL = none
    purpose INTEGER NOT NULL,                 -- enum booking_purpose
    purpose_words BLOB NOT NULL,              -- of "other": sealed with the person's key
    lang TEXT NOT NULL,                       -- the person's language
    with_lang TEXT NOT NULL,                  -- the other language
    mode INTEGER NOT NULL,                    -- enum interp_mode
    place BLOB NOT NULL,                      -- address, number or link: sealed with the person's key
    notes BLOB NOT NULL,                      -- for staff: sealed with the person's key
    zone TEXT NOT NULL,                       -- zone of the wall clock that was meant
    start_local INTEGER NOT NULL,             -- what that clock shows (base/civil.h)
    start_ms INTEGER NOT NULL,                -- the instant
    minutes INTEGER NOT NULL,                 -- how long
    state INTEGER NOT NULL,                   -- enum booking_state
    told_ms INTEGER NOT NULL,                 -- start that the person was last told; 0 = told of none
    turn INTEGER NOT NULL,                    -- counts changes: SEQUENCE in calendar files
    asked_by INTEGER NOT NULL,                -- person who booked
    asked_ms INTEGER NOT NULL,                -- when
    changed_ms INTEGER NOT NULL               -- last change
) STRICT;
CREATE INDEX booking_of_interpreter ON booking (interpreter_id, start_ms);
CREATE INDEX booking_of_person ON booking (person_id, start_ms);
CREATE INDEX booking_start ON booking (start_ms, id);
CREATE INDEX booking_local ON booking (start_local);

CREATE TABLE interpreted (                    -- class: record. Words that came through somebody else
    object TEXT NOT NULL,                     -- "message", "join", …: what was said
    object_id INTEGER NOT NULL,               -- its id
    how INTEGER NOT NULL,                     -- enum through_how: booking, interpreter, family or friend
    person_id INTEGER NOT NULL,               -- whose words
    community_id INTEGER NOT NULL,            -- where; 0 = in none
    booking_id INTEGER,                       -- appointment at which they were said
    interpreter_id INTEGER,                   -- who interpreted; NULL = family or friend
    said_ms INTEGER NOT NULL,                 -- when the words were entered: the month in which they count
    marked_by INTEGER NOT NULL,               -- person who marked them, or corrected the mark
    marked_ms INTEGER NOT NULL,               -- when
    PRIMARY KEY (object, object_id)
) STRICT;
CREATE INDEX interpreted_when ON interpreted (said_ms);
