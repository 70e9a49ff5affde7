-- SPDX-License-Identifier: EUPL-1.2
-- community: moderated communities, their members, questions and answers. Privacy classes as in design.md §4.
-- A member's words are never in clear: public ones are sealed with the installation's key, private ones with the
-- key of the person whose thread it is. Only verified knowledge (kb_*) is clear text: it is public by decision.

CREATE TABLE community (                      -- class: public, except the settings marked organisation
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,                -- in addresses: [a-z0-9-]{2,40}
    owner_org INTEGER NOT NULL,               -- organisation.id; a solo organiser is one too
    status INTEGER NOT NULL,                  -- enum community_status
    mode INTEGER NOT NULL,                    -- enum community_mode: interactive, one-way
    visibility INTEGER NOT NULL,              -- enum community_visibility: listed, link, invitation
    moderation INTEGER NOT NULL,              -- enum community_moderation: full, light
    territory TEXT NOT NULL,                  -- as people say it: "Ottawa"
    languages TEXT NOT NULL,                  -- codes, the main one first: "ar en"
    zone TEXT NOT NULL,                       -- IANA name: the wall clock of hours and due times
    hours TEXT NOT NULL,                      -- base/worktime.h; empty = no opening hours
    calendar TEXT NOT NULL,                   -- base/calendar.h code: "CA-ON"; empty = no holidays
    calendar_edits TEXT NOT NULL,             -- days added and removed by this community
    standard_hours INTEGER NOT NULL,          -- answer promise; 0 = none (no question becomes overdue)
    clock_mode INTEGER NOT NULL,              -- enum work_mode: deferred, wall, working-hours
    member_limit INTEGER NOT NULL,            -- 0 = none. Data, never code (MSG-10)
    active_members INTEGER NOT NULL DEFAULT 0, -- kept with each admission and end: the lock of the limit
    stand_in INTEGER,                         -- person who takes questions of absent moderators (SLA-8); organisation
    guidelines_doc INTEGER,                   -- document.id (MOD-1)
    welcome_doc INTEGER,                      -- document.id (MSG-8)
    description_doc INTEGER,                  -- document.id of the public description (MSG-1)
    media TEXT NOT NULL,                      -- what members may share: "image voice file video" (MSG-3)
    ask_exit INTEGER NOT NULL DEFAULT 1,      -- 1 = who leaves on request is asked why (MSG-17)
    again_cursor INTEGER NOT NULL DEFAULT 0,  -- membership.id up to which members were asked to accept new guidelines
    created_ms INTEGER NOT NULL,              -- first written
    changed_ms INTEGER NOT NULL               -- settings last changed
) STRICT;
CREATE INDEX community_by_owner ON community (owner_org, id);
CREATE INDEX community_listed ON community (visibility, status, id);

CREATE TABLE community_text (                 -- class: public. The words of a community in each of its languages
    community_id INTEGER NOT NULL REFERENCES community (id),
    lang TEXT NOT NULL,                       -- language code of this row
    name TEXT NOT NULL,                       -- as shown
    purpose TEXT NOT NULL,                    -- what it is for, one or two sentences
    audience TEXT NOT NULL,                   -- for whom
    topics_in TEXT NOT NULL,                  -- one a line
    topics_out TEXT NOT NULL,                 -- one a line: what belongs elsewhere (SAFE-2)
    PRIMARY KEY (community_id, lang)
) STRICT;

CREATE TABLE community_partner (              -- class: public
    community_id INTEGER NOT NULL REFERENCES community (id),
    org_id INTEGER NOT NULL,                  -- organisation.id
    since_ms INTEGER NOT NULL,                -- since when
    PRIMARY KEY (community_id, org_id)
) STRICT;

CREATE TABLE community_channel (              -- class: organisation. Where a community lives
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    channel_id INTEGER NOT NULL,              -- channel.id of the channel room
    kind TEXT NOT NULL,                       -- "web", "telegram", …: for statistics (SLA-7)
    chat TEXT NOT NULL,                       -- provider's chat of the group; empty = one-to-one only. May be rewritten
    member_limit INTEGER NOT NULL,            -- the provider's limit, 0 = none; a fact with a date (MSG-10)
    limit_source TEXT NOT NULL,               -- date and source of that limit
    topic TEXT NOT NULL DEFAULT '',           -- code that questions asked there get; empty = none
    since_ms INTEGER NOT NULL                 -- since when
) STRICT;
CREATE INDEX community_channel_of ON community_channel (community_id, channel_id);
CREATE INDEX community_channel_where ON community_channel (channel_id, chat);
-- A group belongs to one community; a number that people write to alone may serve several.
CREATE UNIQUE INDEX community_channel_group ON community_channel (channel_id, chat) WHERE chat <> '';
CREATE UNIQUE INDEX community_channel_alone ON community_channel (community_id, channel_id) WHERE chat = '';

CREATE TABLE screening_question (             -- class: public. Asked when someone wants to join (MSG-6)
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    position INTEGER NOT NULL,                -- order of asking
    required INTEGER NOT NULL,                -- 1 = cannot be left empty
    retired_ms INTEGER                        -- no longer asked; old answers keep their question
) STRICT;
CREATE INDEX screening_question_of ON screening_question (community_id, position, id);

CREATE TABLE screening_text (                 -- class: public
    question_id INTEGER NOT NULL REFERENCES screening_question (id),
    lang TEXT NOT NULL,                       -- language code of this row
    text TEXT NOT NULL,                       -- the words
    PRIMARY KEY (question_id, lang)
) STRICT;

CREATE TABLE topic (                          -- class: public. The parts of a community's talk: channels by topic
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    code TEXT NOT NULL,                       -- [a-z0-9-]{1,40}; stays when the words change
    position INTEGER NOT NULL,                -- order of showing
    retired_ms INTEGER,                       -- no longer offered; old messages keep it
    PRIMARY KEY (community_id, code)
) STRICT;

CREATE TABLE topic_text (                     -- class: public
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    code TEXT NOT NULL,                       -- topic.code
    lang TEXT NOT NULL,                       -- language code of this row
    label TEXT NOT NULL,                      -- the words
    PRIMARY KEY (community_id, code, lang)
) STRICT;

CREATE TABLE community_keyword (              -- class: public. The word that asks to join by text message (EQ-1)
    community_id INTEGER NOT NULL REFERENCES community (id),
    lang TEXT NOT NULL,                       -- language in which we answer it
    word TEXT NOT NULL,                       -- as it is printed on posters
    folded TEXT NOT NULL,                     -- as it is compared: communities on one number are told apart by it
    PRIMARY KEY (community_id, lang)
) STRICT;
CREATE INDEX community_keyword_word ON community_keyword (folded, community_id);

CREATE TABLE invitation (                     -- class: organisation. Lets its holder ask to join (MSG-1)
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    code TEXT NOT NULL UNIQUE,                -- what the holder shows; sealed (seal_same)
    source TEXT NOT NULL UNIQUE,              -- code of requests that came with it: "inv-k3f9x2"
    label BLOB NOT NULL,                      -- sealed: for whom, as whoever made it writes: "Harbour group"
    uses_max INTEGER NOT NULL,                -- how many requests it is good for; 0 = any number
    uses INTEGER NOT NULL DEFAULT 0,          -- requests made with it
    made_by INTEGER NOT NULL,                 -- person who invites
    made_ms INTEGER NOT NULL,                 -- since when
    expires_ms INTEGER,                       -- no longer good from here on; NULL = no end
    withdrawn_ms INTEGER                      -- taken back; NULL = not
) STRICT;
CREATE INDEX invitation_of ON invitation (community_id, made_ms, id);

CREATE TABLE join_request (                   -- class: record (the applicant and the community's staff)
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    person_id INTEGER NOT NULL,               -- person.id of core
    state INTEGER NOT NULL,                   -- enum join_state
    lang TEXT NOT NULL,                       -- the applicant's; notices use it (MSG-7)
    guidelines_doc INTEGER NOT NULL,          -- the text that was accepted …
    guidelines_version INTEGER NOT NULL,      -- … in this version (MSG-6, MOD-1)
    answers BLOB,                             -- sealed with the applicant's key: {"<question id>":"words","choice":"<code>"}
    channel_id INTEGER,                       -- where it came from; NULL = web
    channel_kind TEXT NOT NULL,               -- "web", "telegram", …: for statistics
    chat TEXT NOT NULL,                       -- group that the applicant asked to enter; empty = web
    user_chat TEXT NOT NULL,                  -- where a private word reaches the applicant; sealed (seal_same)
    provider_user TEXT NOT NULL,              -- to approve on the platform; sealed (seal_same)
    source TEXT NOT NULL,                     -- code of how the person came: "poster", "friend", …
    asked_ms INTEGER NOT NULL,                -- when it was sent
    decided_ms INTEGER,                       -- accepted, refused or withdrawn
    decided_by INTEGER,                       -- person
    reason TEXT NOT NULL DEFAULT ''           -- code of a refusal: "not-audience", "no-answer", "other"
) STRICT;
CREATE UNIQUE INDEX join_request_pending ON join_request (community_id, person_id) WHERE state = 0;
CREATE INDEX join_request_queue ON join_request (community_id, state, asked_ms, id);
CREATE INDEX join_request_person ON join_request (person_id, id);

CREATE TABLE join_talk (                      -- class: record. A request being made in a private chat, step by step
    channel_id INTEGER NOT NULL,              -- channel.id of the channel room
    person_id INTEGER NOT NULL,               -- person.id of core
    community_id INTEGER NOT NULL REFERENCES community (id), -- which it asks to enter
    step INTEGER NOT NULL,                    -- 0 = guidelines shown, not accepted; n = the nth question was asked
    guidelines_version INTEGER NOT NULL,      -- the version that was shown
    lang TEXT NOT NULL,                       -- the applicant's
    answers BLOB,                             -- sealed with the applicant's key: what was answered so far
    chat TEXT NOT NULL,                       -- group that the applicant asked to enter; empty = none
    user_chat TEXT NOT NULL,                  -- where we talk; sealed (seal_same)
    provider_user TEXT NOT NULL,              -- to approve on the platform; sealed (seal_same)
    misses INTEGER NOT NULL DEFAULT 0,        -- answers that were no answer: after a few we are silent
    invitation TEXT NOT NULL DEFAULT '',      -- code that was shown; sealed (seal_same); empty = none
    changed_ms INTEGER NOT NULL,              -- last step
    PRIMARY KEY (channel_id, person_id)
) STRICT;

CREATE TABLE first_words (                    -- class: record. What somebody asked by letter before being a member
    channel_id INTEGER NOT NULL,              -- channel.id of the channel room
    person_id INTEGER NOT NULL,               -- person.id of core
    body BLOB NOT NULL,                       -- sealed with the person's key
    provider_message TEXT NOT NULL,           -- id of the first letter, to answer it
    written_ms INTEGER NOT NULL,              -- when it came
    PRIMARY KEY (channel_id, person_id)
) STRICT;

CREATE TABLE membership (                     -- class: record
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    person_id INTEGER NOT NULL,               -- person.id of core
    state INTEGER NOT NULL,                   -- enum membership_state: waiting, active, left, removed
    lang TEXT NOT NULL,                       -- the member's language here
    source TEXT NOT NULL,                     -- how the person came: code
    channel_id INTEGER,                       -- where the member is; NULL = web
    channel_kind TEXT NOT NULL,               -- "web", "telegram", …: for statistics
    guidelines_version INTEGER NOT NULL,      -- accepted version, 0 = none on record (MOD-1)
    asked_version INTEGER NOT NULL DEFAULT 0, -- newer version that the member was asked to accept; 0 = not asked
    asked_ms INTEGER,                         -- when; "yes" said soon after means this
    accepted_ms INTEGER NOT NULL,             -- when the staff said yes: the order of the waiting list (A-26)
    joined_ms INTEGER,                        -- when admitted
    ended_ms INTEGER,                         -- when left or removed
    end_reason TEXT NOT NULL DEFAULT '',      -- code: "on-request", "silent", ladder codes
    welcome_message INTEGER,                  -- message.id of the welcome (MSG-8)
    welcome_version INTEGER,                  -- version of the welcome document that was sent
    posts_stopped_ms INTEGER,                 -- since when the member wants no posts; answers still reach them
    hours_notice_ms INTEGER,                  -- the closed spell (its opening moment) already announced (SLA-5)
    UNIQUE (community_id, person_id)
) STRICT;
CREATE INDEX membership_queue ON membership (community_id, state, accepted_ms, id);
CREATE INDEX membership_audience ON membership (community_id, state, channel_id, id, person_id, lang, posts_stopped_ms);
CREATE INDEX membership_person ON membership (person_id, state);

CREATE TABLE exit_reply (                     -- class: restricted. "Why are you leaving?" (MSG-17)
    membership_id INTEGER PRIMARY KEY REFERENCES membership (id),
    community_id INTEGER NOT NULL REFERENCES community (id), -- that was left
    person_id INTEGER NOT NULL,               -- person.id of core
    asked_ms INTEGER NOT NULL,                -- with the farewell
    channel_id INTEGER,                       -- where it was asked; NULL = web
    answered_ms INTEGER,                      -- NULL = not (yet)
    code TEXT NOT NULL DEFAULT '',            -- "found", "too-many", "not-useful", "not-welcome"; empty = own words only
    words BLOB                                -- sealed with the person's key; NULL = none
) STRICT;
CREATE INDEX exit_reply_open ON exit_reply (person_id, channel_id) WHERE answered_ms IS NULL;
CREATE INDEX exit_reply_of ON exit_reply (community_id, answered_ms) WHERE answered_ms IS NOT NULL;

CREATE TABLE membership_spell (               -- class: record. Each time somebody was a member: comings and goings of a month
    id INTEGER PRIMARY KEY,
    membership_id INTEGER NOT NULL REFERENCES membership (id), -- whose
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    lang TEXT NOT NULL,                       -- the member's language when it began
    channel_kind TEXT NOT NULL,               -- where the member was when it began: "web", "telegram", …
    joined_ms INTEGER NOT NULL,               -- admitted
    ended_ms INTEGER,                         -- left or removed; NULL = still a member
    end_state INTEGER NOT NULL DEFAULT 0,     -- enum membership_state: left or removed
    end_reason TEXT NOT NULL DEFAULT ''       -- as in membership
) STRICT;
CREATE UNIQUE INDEX membership_spell_open ON membership_spell (membership_id) WHERE ended_ms IS NULL;
CREATE INDEX membership_spell_joined ON membership_spell (community_id, joined_ms);
CREATE INDEX membership_spell_ended ON membership_spell (community_id, ended_ms) WHERE ended_ms IS NOT NULL;

CREATE TABLE absence (                        -- class: organisation. Moderators who are away (SLA-8)
    community_id INTEGER NOT NULL REFERENCES community (id),
    person_id INTEGER NOT NULL,               -- person.id of core
    from_ms INTEGER NOT NULL,                 -- first instant
    until_ms INTEGER NOT NULL,                -- first instant after
    PRIMARY KEY (community_id, person_id)
) STRICT;

CREATE TABLE thread (                         -- class: restricted. A member and the moderators, in private (MSG-12)
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    person_id INTEGER NOT NULL,               -- person.id of core
    opened_ms INTEGER NOT NULL,               -- first message
    last_ms INTEGER NOT NULL,                 -- of the last message
    waiting_staff INTEGER NOT NULL,           -- 1 = the member wrote last
    member_read_ms INTEGER NOT NULL,          -- up to when the member has seen it
    UNIQUE (community_id, person_id)
) STRICT;
CREATE INDEX thread_person ON thread (person_id);
CREATE INDEX thread_recent ON thread (community_id, last_ms, id);

CREATE TABLE message (                        -- class: record; restricted when in a thread
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    thread_id INTEGER REFERENCES thread (id), -- NULL = said in the community
    author INTEGER NOT NULL,                  -- person; 0 = the system
    author_role INTEGER NOT NULL,             -- enum author_role: member, staff, system
    kind INTEGER NOT NULL,                    -- enum message_kind
    purpose INTEGER NOT NULL,                 -- enum message_purpose: talk, question, answer, post, notice
    state INTEGER NOT NULL,                   -- enum message_state
    body BLOB NOT NULL,                       -- sealed; empty blob = no words
    sealed_for INTEGER NOT NULL,              -- person whose key seals it; 0 = installation
    lang TEXT NOT NULL,                       -- as detected or declared
    reply_to INTEGER REFERENCES message (id), -- message that it answers
    question_id INTEGER,                      -- the question it belongs to (asks, answers, discusses)
    channel_id INTEGER,                       -- where it was written; NULL = web
    channel_kind TEXT NOT NULL,               -- "web", "telegram", …: for statistics
    file_id INTEGER,                          -- file_blob.id of the channel room: sealed on disk; NULL = none
    duration_s INTEGER NOT NULL DEFAULT 0,    -- of a voice note (MSG-13)
    source TEXT NOT NULL DEFAULT '',          -- a post of information: where it is from (MOD-10)
    checked_on TEXT NOT NULL DEFAULT '',      -- … and the day it was checked, YYYY-MM-DD
    post_type TEXT NOT NULL DEFAULT '',       -- "information", "event", …; empty = not a post
    topic TEXT NOT NULL DEFAULT '',           -- topic.code of its community; empty = none
    written_ms INTEGER NOT NULL,              -- as the provider or the server says
    shown_ms INTEGER NOT NULL,                -- order in the stream; a held reply gets its release time
    decided_by INTEGER,                       -- who hid or deleted it
    decided_ms INTEGER                        -- when that was decided
) STRICT;
CREATE INDEX message_public ON message (community_id, shown_ms, id) WHERE thread_id IS NULL;
CREATE INDEX message_topic ON message (community_id, topic, shown_ms, id) WHERE thread_id IS NULL AND topic <> '';
CREATE INDEX message_thread ON message (thread_id, shown_ms, id) WHERE thread_id IS NOT NULL;
CREATE INDEX message_question ON message (question_id, shown_ms, id) WHERE question_id IS NOT NULL;
CREATE INDEX message_author ON message (author, community_id, shown_ms);

CREATE TABLE message_whole (                  -- class: restricted. A mail before quotes and signature were cut off
    message_id INTEGER PRIMARY KEY REFERENCES message (id),
    body BLOB NOT NULL,                       -- sealed
    sealed_for INTEGER NOT NULL               -- person whose key seals it
) STRICT;

CREATE TABLE message_copy (                   -- class: organisation. A message as it stands on a platform
    message_id INTEGER NOT NULL REFERENCES message (id),
    channel_id INTEGER NOT NULL,              -- channel.id of the channel room
    chat TEXT NOT NULL,                       -- provider's chat; sealed (seal_same): a private one is a person's id
    provider_message TEXT NOT NULL,           -- empty until the send is reported
    outbox_id INTEGER,                        -- NULL = it was written there
    deleted_ms INTEGER,                       -- taken away there
    PRIMARY KEY (message_id, channel_id, chat)
) STRICT;
CREATE INDEX message_copy_there ON message_copy (channel_id, chat, provider_message);
CREATE INDEX message_copy_outbox ON message_copy (outbox_id) WHERE outbox_id IS NOT NULL;

CREATE TABLE question (                       -- class: record; restricted when in a thread
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    message_id INTEGER NOT NULL UNIQUE REFERENCES message (id), -- the message
    author INTEGER NOT NULL,                  -- person
    thread_id INTEGER REFERENCES thread (id), -- NULL = public
    was_public INTEGER NOT NULL DEFAULT 0,    -- 1 = moved to private: the group sees "answered privately" (A-28)
    topic TEXT NOT NULL,                      -- code of the community's topics; empty = none yet
    lang TEXT NOT NULL,                       -- of the asker
    channel_kind TEXT NOT NULL,               -- "web", "telegram", …: for statistics
    state INTEGER NOT NULL,                   -- enum question_state
    is_open INTEGER NOT NULL,                 -- 1 while in the queue; follows from state
    rank INTEGER NOT NULL,                    -- enum question_rank: overdue 0, soon 1, normal 2; kept by timers
    sort_ms INTEGER NOT NULL,                 -- due time, or received when there is no promise: order within a rank
    urgent INTEGER NOT NULL DEFAULT 0,        -- replies go out at any hour
    assigned_to INTEGER,                      -- person
    assigned_ms INTEGER,                      -- since when
    referred_org INTEGER,                     -- partner whose specialist has it
    received_ms INTEGER NOT NULL,             -- when the person asked: by the provider, or as staff enter a call (EQ-2)
    start_ms INTEGER NOT NULL,                -- clock start (SLA-2)
    warn_ms INTEGER,                          -- 75 % of the time (SLA-6); NULL = no promise
    due_ms INTEGER,                           -- NULL = no promise
    interim_ms INTEGER,                       -- first "we are looking" (SLA-4)
    held_ms INTEGER,                          -- a reply waits for this opening moment (SLA-5)
    answered_ms INTEGER,                      -- first counted answer
    answered_in_time INTEGER,                 -- 1, 0, NULL = not answered or no promise
    closed_ms INTEGER,                        -- left the queue without or after an answer
    close_reason TEXT NOT NULL DEFAULT '',    -- code: "not-a-question", "duplicate", "withdrawn", "done"
    pending_answers INTEGER NOT NULL DEFAULT 0, -- members' answers that nobody has checked yet (MOD-9)
    answers INTEGER NOT NULL DEFAULT 0,       -- counted answers
    kb_entry INTEGER                          -- entry made from it (KB-1)
) STRICT;
-- is_open again and the last columns: counts and filters read nothing from the table. SQLite does not see by itself that
-- a partial index already says is_open = 1, and would rather read every question of the community.
CREATE INDEX question_inbox ON question (community_id, is_open, rank, sort_ms, id, assigned_to, lang, topic)
    WHERE is_open = 1;
CREATE INDEX question_mine ON question (assigned_to, is_open, rank, sort_ms, id, lang, topic) WHERE is_open = 1;
CREATE INDEX question_received ON question (community_id, received_ms, id);
CREATE INDEX question_state ON question (community_id, state, received_ms, id);
CREATE INDEX question_answered ON question (community_id, answered_ms) WHERE answered_ms IS NOT NULL;
CREATE INDEX question_unchecked ON question (community_id, received_ms, id) WHERE pending_answers > 0;
CREATE INDEX question_author ON question (author, community_id, received_ms);
CREATE INDEX question_thread ON question (thread_id, received_ms) WHERE thread_id IS NOT NULL;

CREATE TABLE question_step (                  -- class: record. What happened to a question, for its page
    id INTEGER PRIMARY KEY,
    question_id INTEGER NOT NULL REFERENCES question (id), -- the question
    at_ms INTEGER NOT NULL,                   -- when
    by_person INTEGER NOT NULL,               -- 0 = the system
    what TEXT NOT NULL,                       -- "asked", "assigned", "interim", "answered", "moved-private", …
    from_state INTEGER NOT NULL,              -- enum question_state before
    to_state INTEGER NOT NULL,                -- … and after
    other INTEGER                             -- person, organisation or answer that the step names
) STRICT;
CREATE INDEX question_step_of ON question_step (question_id, id);
CREATE INDEX question_step_referred ON question_step (at_ms, question_id) WHERE what = 'referred';

CREATE TABLE answer (                         -- class: record
    id INTEGER PRIMARY KEY,
    question_id INTEGER NOT NULL REFERENCES question (id), -- the question
    message_id INTEGER NOT NULL UNIQUE REFERENCES message (id), -- the message
    author INTEGER NOT NULL,                  -- person
    by_staff INTEGER NOT NULL,                -- 1 = a moderator or specialist answered
    verification INTEGER NOT NULL,            -- enum verification: pending, confirmed, completed, corrected, unchecked
    verified_by INTEGER,                      -- person
    verified_ms INTEGER,                      -- when
    source TEXT NOT NULL DEFAULT '',          -- needed to confirm, complete or correct (MOD-9)
    checked_on TEXT NOT NULL DEFAULT '',      -- YYYY-MM-DD
    kb_entry INTEGER,                         -- entry that was picked
    note_message INTEGER REFERENCES message (id), -- the completing or correcting words
    at_ms INTEGER NOT NULL                    -- when
) STRICT;
CREATE INDEX answer_of ON answer (question_id, at_ms, id);

CREATE TABLE kb_entry (                       -- class: public once published. Verified questions and answers
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- the community
    question_id INTEGER,                      -- where it came from
    topic TEXT NOT NULL,                      -- code of the community
    source TEXT NOT NULL,                     -- where it comes from
    checked_on TEXT NOT NULL,                 -- YYYY-MM-DD
    review_ms INTEGER NOT NULL,               -- not offered as verified from here on (KB-4)
    review_due INTEGER NOT NULL DEFAULT 0,    -- 1 = flagged by the timer
    state INTEGER NOT NULL,                   -- enum kb_state
    source_lang TEXT NOT NULL,                -- language of the source text
    version INTEGER NOT NULL,                 -- of the source text
    created_ms INTEGER NOT NULL,              -- first written
    created_by INTEGER NOT NULL,              -- person
    changed_ms INTEGER NOT NULL               -- last written
) STRICT;
CREATE INDEX kb_entry_of ON kb_entry (community_id, state, topic, id);
CREATE INDEX kb_entry_review ON kb_entry (community_id, review_ms) WHERE state = 1;
CREATE INDEX kb_entry_question ON kb_entry (question_id) WHERE question_id IS NOT NULL;

CREATE TABLE kb_text (                        -- class: public
    entry_id INTEGER NOT NULL REFERENCES kb_entry (id),
    lang TEXT NOT NULL,                       -- language code of this row
    question TEXT NOT NULL,                   -- as people ask it
    answer TEXT NOT NULL,                     -- Markdown
    from_version INTEGER NOT NULL,            -- version of the source it says; lower = out of date (LANG-4)
    written_ms INTEGER NOT NULL,              -- when this text was written
    PRIMARY KEY (entry_id, lang)
) STRICT;

CREATE TABLE kb_term (                        -- class: public. Folded and stemmed words: where they occur
    community_id INTEGER NOT NULL,
    term TEXT NOT NULL,                       -- one folded stem
    entry_id INTEGER NOT NULL REFERENCES kb_entry (id), -- kb_entry.id
    lang TEXT NOT NULL,                       -- language code of this row
    weight INTEGER NOT NULL,                  -- 3 for a word of the question, 1 for one of the answer, summed, at most 9
    PRIMARY KEY (community_id, term, entry_id, lang)
) STRICT;
CREATE INDEX kb_term_entry ON kb_term (entry_id, lang);

CREATE TABLE draft (                          -- class: restricted. An answer being written
    person_id INTEGER NOT NULL,
    question_id INTEGER NOT NULL REFERENCES question (id), -- the question
    body BLOB NOT NULL,                       -- sealed with the installation's key
    saved_ms INTEGER NOT NULL,                -- last saved
    PRIMARY KEY (person_id, question_id)
) STRICT;
CREATE INDEX draft_question ON draft (question_id);

CREATE TABLE viewing (                        -- class: organisation. Who has a question open: collision warning
    question_id INTEGER NOT NULL REFERENCES question (id),
    person_id INTEGER NOT NULL,               -- who looks
    until_ms INTEGER NOT NULL,                -- renewed by the open page
    PRIMARY KEY (question_id, person_id)
) STRICT;
