-- SPDX-License-Identifier: EUPL-1.2
-- channel: the apps this installation is connected to.
CREATE TABLE channel (                       -- class: restricted (secrets), the rest organisation
    id INTEGER PRIMARY KEY NOT NULL,         -- channel.id
    name TEXT NOT NULL UNIQUE,               -- in the webhook path: [a-z0-9-]{1,40}
    kind TEXT NOT NULL,                      -- driver: 'telegram', 'web', …
    enabled INTEGER NOT NULL DEFAULT 0,      -- 1: events are accepted and sends go out
    config BLOB NOT NULL,                    -- JSON of the driver's settings, sealed with the installation's key
    created_ms INTEGER NOT NULL,             -- ms UTC
    generation INTEGER NOT NULL,             -- new, larger number at each change: other processes see it and reload
    last_error TEXT NOT NULL DEFAULT '',     -- code of the last trouble, no words of persons, no secrets
    last_error_ms INTEGER NOT NULL DEFAULT 0 -- when, ms UTC
) STRICT;

-- One poller a channel in the whole installation; the cursor moves in the transaction that received the events.
CREATE TABLE channel_poll (                              -- class: organisation
    channel_id INTEGER PRIMARY KEY REFERENCES channel (id), -- the channel asked for news
    cursor TEXT NOT NULL DEFAULT '',                     -- the driver's own mark of what was seen
    owner INTEGER NOT NULL DEFAULT 0,                    -- process that polls now, 0 = none
    until_ms INTEGER NOT NULL DEFAULT 0                  -- end of its lease, ms UTC
) STRICT;

-- What arrived, kept 30 days: a provider that calls again finds its event here. The body itself is not kept.
CREATE TABLE channel_inbound (      -- class: organisation
    channel_id INTEGER NOT NULL,    -- channel.id
    provider_id TEXT NOT NULL,      -- the provider's own id of the event
    received_ms INTEGER NOT NULL,   -- ms UTC
    PRIMARY KEY (channel_id, provider_id)
) STRICT;
CREATE INDEX channel_inbound_age ON channel_inbound (received_ms);

-- How often we answered an address by ourselves: at most once a day when nothing proves who wrote.
CREATE TABLE auto_answer (          -- class: record
    channel_id INTEGER NOT NULL,    -- channel.id
    chat_blind BLOB NOT NULL,       -- blind index of the address
    since_ms INTEGER NOT NULL,      -- when the day began, ms UTC
    n INTEGER NOT NULL,             -- automatic answers since then
    PRIMARY KEY (channel_id, chat_blind)
) STRICT;
CREATE INDEX auto_answer_age ON auto_answer (since_ms);

-- Apps that let us write only for some time after the person's last words (channel/window.h).
CREATE TABLE channel_window (       -- class: record
    channel_id INTEGER NOT NULL,    -- channel.id
    chat TEXT NOT NULL,             -- provider's chat; sealed (seal_same)
    heard_ms INTEGER NOT NULL,      -- the person's last words, ms UTC; 0 = none yet
    asked_ms INTEGER NOT NULL,      -- when a template asked them to reply since then, ms UTC; 0 = not yet
    shut_ms INTEGER NOT NULL,       -- the provider said that it is shut, ms UTC; 0 = did not
    PRIMARY KEY (channel_id, chat)
) STRICT;
CREATE INDEX channel_window_age ON channel_window (heard_ms);

-- A provider's word about a send that came before the send was recorded.
CREATE TABLE channel_status (       -- class: organisation
    channel_id INTEGER NOT NULL,    -- channel.id
    provider_id TEXT NOT NULL,      -- the provider's id of what was sent
    status INTEGER NOT NULL,        -- enum out_state of the work room
    code TEXT NOT NULL,             -- why it failed: a code, no words of persons
    at_ms INTEGER NOT NULL,         -- when it came, ms UTC
    PRIMARY KEY (channel_id, provider_id)
) STRICT;
CREATE INDEX channel_status_age ON channel_status (at_ms);

-- Voice notes, pictures and files of people: sealed on disk under <data>/files, one key a file.
CREATE TABLE file_blob (                       -- class: record
    id INTEGER PRIMARY KEY NOT NULL,           -- file id; also its name on disk
    person_id INTEGER NOT NULL,                -- whose key seals the file's key; 0 = the installation's
    channel_id INTEGER NOT NULL DEFAULT 0,     -- where it is fetched from; 0 = written here
    provider_file TEXT NOT NULL DEFAULT '',    -- the provider's id of the file, emptied once fetched
    state INTEGER NOT NULL,                    -- 0 wanted, 1 stored, 2 failed, 3 removed
    kind INTEGER NOT NULL,                     -- enum chan_file_kind
    sealed_name BLOB NOT NULL,                 -- file name as given, sealed; may be empty
    media_type TEXT NOT NULL DEFAULT '',       -- as given, untrusted
    size INTEGER NOT NULL DEFAULT 0,           -- bytes of the plain file
    duration_s INTEGER NOT NULL DEFAULT 0,     -- voice, audio, video
    sealed_key BLOB,                           -- key of the file's stream, sealed; NULL until stored and after removal
    created_ms INTEGER NOT NULL,               -- ms UTC
    attempts INTEGER NOT NULL DEFAULT 0,       -- tries to fetch
    next_try_ms INTEGER,                       -- when to try (again); also the lease of who tries now; NULL = never
    error_code TEXT NOT NULL DEFAULT ''        -- why fetching failed last
) STRICT;
CREATE INDEX file_blob_wanted ON file_blob (next_try_ms) WHERE next_try_ms IS NOT NULL;
CREATE INDEX file_blob_person ON file_blob (person_id);

-- Who wrote STOP to a number, and with which word: nothing goes there until START (channels.md §1 rule 9).
CREATE TABLE channel_optout (       -- class: restricted
    channel_id INTEGER NOT NULL,    -- channel.id
    address TEXT NOT NULL,          -- the number; sealed (seal_same)
    keyword TEXT NOT NULL,          -- as it was recognised: "stop", "arret", …
    lang TEXT NOT NULL,             -- language of the keyword, in which it was answered
    at_ms INTEGER NOT NULL,         -- when, ms UTC
    PRIMARY KEY (channel_id, address)
) STRICT;
