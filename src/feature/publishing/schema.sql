-- SPDX-License-Identifier: EUPL-1.2
-- publishing: posts, schedules, broadcasts, newsletters, corrections, copies between communities. Privacy classes as in
-- design.md §4. A post is written by staff for everybody, so its words (document_text of core) are clear text.

CREATE TABLE post (                           -- class: organisation; public once published where pages are public
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- where it is published
    type TEXT NOT NULL,                       -- "information", "event", …, "correction", "newsletter" (MSG-14)
    state INTEGER NOT NULL,                   -- enum post_state
    doc_id INTEGER NOT NULL,                  -- document.id: its title and words in each language (LANG-4)
    author INTEGER NOT NULL,                  -- person who wrote it; 0 = the system (monthly newsletter)
    source TEXT NOT NULL,                     -- where the facts are from (MOD-10)
    checked_on TEXT NOT NULL,                 -- … and the day they were checked, YYYY-MM-DD
    only_lang TEXT NOT NULL,                  -- only members of this language; '' = all
    only_channel TEXT NOT NULL,               -- only members on this kind of channel; '' = all
    urgent INTEGER NOT NULL,                  -- 1 = leaves also in quiet hours
    starts_ms INTEGER,                        -- when it leaves; NULL = not decided
    expires_ms INTEGER,                       -- when it is taken down; NULL = never
    delete_there INTEGER NOT NULL,            -- 1 = then also taken back on platforms that can
    pinned_until_ms INTEGER,                  -- on top of the community's page until then (KB-6); NULL = not
    file_id INTEGER,                          -- file_blob.id: a picture or file; NULL = none
    file_kind INTEGER NOT NULL,               -- enum message_kind of it
    message_id INTEGER,                       -- message.id in the community once it left; NULL = not yet
    from_message INTEGER,                     -- the member's private message that suggested it (MOD-8)
    paused INTEGER NOT NULL DEFAULT 0,        -- 1 = sending stands still until resumed
    period_from_ms INTEGER,                   -- newsletter: of which time …
    period_to_ms INTEGER,                     -- … until, exclusive
    created_ms INTEGER NOT NULL,              -- first written
    changed_ms INTEGER NOT NULL,              -- words, facts or state last changed
    published_ms INTEGER,                     -- when it began to leave
    ended_ms INTEGER                          -- expired or cancelled
) STRICT;
CREATE INDEX post_of ON post (community_id, created_ms, id);
CREATE INDEX post_counts ON post (community_id, type, state);
CREATE INDEX post_shown ON post (community_id, published_ms, id) WHERE state IN (2, 3);
CREATE UNIQUE INDEX post_message ON post (message_id) WHERE message_id IS NOT NULL;

-- broadcast_lane: how far a post is on one channel. Each batch moves the cursor in the transaction that queues its sends.
CREATE TABLE broadcast_lane (                 -- class: organisation
    post_id INTEGER NOT NULL REFERENCES post (id), -- the post
    channel_id INTEGER NOT NULL,              -- channel.id of the channel room
    kind TEXT NOT NULL,                       -- "telegram", "sms", …
    cursor INTEGER NOT NULL,                  -- membership.id of the last member looked at
    groups_done INTEGER NOT NULL,             -- 1 = its groups got the post
    done INTEGER NOT NULL,                    -- 1 = everybody was looked at
    alone INTEGER NOT NULL,                   -- people to whom it goes alone
    in_group INTEGER NOT NULL,                -- people who read it in the group
    skipped INTEGER NOT NULL,                 -- people who stopped us, or gave no private chat
    back INTEGER NOT NULL DEFAULT 0,          -- enum lane_back: is what left taken back?
    back_state INTEGER NOT NULL DEFAULT 0,    -- … outbox.state and …
    back_id INTEGER NOT NULL DEFAULT 0,       -- … outbox.id of the last send that was looked at
    mark_post INTEGER NOT NULL DEFAULT 0,     -- post.id of a correction that what left is to name; 0 = none, or all asked
    mark_state INTEGER NOT NULL DEFAULT 0,    -- … as back_state
    mark_id INTEGER NOT NULL DEFAULT 0,       -- … as back_id
    PRIMARY KEY (post_id, channel_id)
) STRICT;

CREATE TABLE post_correction (                -- class: organisation. What a correction corrects (KB-6)
    post_id INTEGER NOT NULL REFERENCES post (id), -- the correction
    message_id INTEGER NOT NULL,              -- message.id with the false information
    PRIMARY KEY (post_id, message_id)
) STRICT;
CREATE INDEX post_correction_of ON post_correction (message_id, post_id);

CREATE TABLE newsletter_item (                -- class: organisation. What a newsletter holds (KB-5)
    post_id INTEGER NOT NULL REFERENCES post (id), -- the newsletter
    kind INTEGER NOT NULL,                    -- enum item_kind: a post or a saved answer
    item_id INTEGER NOT NULL,                 -- post.id or kb_entry.id
    position INTEGER NOT NULL,                -- order; gaps are allowed
    PRIMARY KEY (post_id, kind, item_id)
) STRICT;

CREATE TABLE publishing_setting (             -- class: organisation. A missing row means the usual values
    community_id INTEGER PRIMARY KEY REFERENCES community (id), -- the community
    quiet_from INTEGER NOT NULL,              -- minute of the local day from which posts wait …
    quiet_until INTEGER NOT NULL,             -- … until; the same as quiet_from = no quiet hours
    silence_days INTEGER NOT NULL,            -- days without a member's message before moderators are told; 0 = never
    monthly INTEGER NOT NULL,                 -- 1 = a newsletter draft is made each month
    public_pages INTEGER NOT NULL,            -- 1 = news and resources of a listed community are public
    silent_ms INTEGER NOT NULL DEFAULT 0      -- since when the silence was noticed; 0 = not silent (MSG-15)
) STRICT;

CREATE TABLE shared_item (                    -- class: network. What an organisation offers to all (KB-7)
    kind INTEGER NOT NULL,                    -- enum item_kind
    item_id INTEGER NOT NULL,                 -- post.id or kb_entry.id: the original
    community_id INTEGER NOT NULL,            -- where it lives
    org_id INTEGER NOT NULL,                  -- organisation that offers it
    since_ms INTEGER NOT NULL,                -- since when
    PRIMARY KEY (kind, item_id)
) STRICT;

CREATE TABLE adoption (                       -- class: organisation. A local copy of a shared original (KB-7)
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community (id), -- where the copy lives
    kind INTEGER NOT NULL,                    -- enum item_kind
    original_id INTEGER NOT NULL,             -- post.id or kb_entry.id
    copy_id INTEGER NOT NULL,                 -- likewise
    seen_ms INTEGER NOT NULL,                 -- the original's last change that the copy has
    detached_ms INTEGER,                      -- goes its own way since; NULL = follows
    UNIQUE (community_id, kind, original_id)
) STRICT;
CREATE INDEX adoption_original ON adoption (kind, original_id);
CREATE INDEX adoption_copy ON adoption (kind, copy_id);
