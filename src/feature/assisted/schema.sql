-- SPDX-License-Identifier: EUPL-1.2
-- assisted: groups in apps without a usable interface. What has to be done there are outbox rows in the state "by hand"
-- (room work); this room explains them, records who did what, and takes in what was said there. Privacy classes as in
-- design.md §4.

CREATE TABLE hand_act (                       -- class: organisation. What a person did, or could not do, in an app
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL,            -- community.id
    channel_id INTEGER NOT NULL,              -- channel.id of the channel room
    outbox_id INTEGER NOT NULL,               -- outbox.id of the work room: what was to be done
    op TEXT NOT NULL,                         -- "text", "delete", "ban", …
    subject TEXT NOT NULL,                    -- what it was about: "message", "member", …
    subject_id INTEGER NOT NULL,              -- its id; 0 = none
    result TEXT NOT NULL,                     -- "done", "could-not", "taken-back"
    reason TEXT NOT NULL,                     -- code why it could not be done; empty otherwise
    by_person INTEGER NOT NULL,               -- person.id of core: who acted
    at_ms INTEGER NOT NULL                    -- when they said so
) STRICT;
CREATE INDEX hand_act_recent ON hand_act (community_id, at_ms, id);
CREATE INDEX hand_act_of ON hand_act (outbox_id, at_ms);

CREATE TABLE hand_own_name (                  -- class: organisation. Names that our own people have in a group
    place_id INTEGER NOT NULL,                -- community_channel.id of the community room
    name BLOB NOT NULL,                       -- blind index of the folded name
    PRIMARY KEY (place_id, name)
) STRICT;
