/* SPDX-License-Identifier: EUPL-1.2 */
/* Lasting connections (channel.h, rule 9). The thread that polls a channel under its lease opens and closes; sends of
 * any thread use one meanwhile. */
#include "base/clock.h"
#include "channel/hub_parts.h"

static struct hub_session *find_locked(struct hub *h, int64_t channel_id)
{
    for (size_t i = 0; i < HUB_CHANNELS_MAX; i++)
        if (h->sessions[i].channel_id == channel_id)
            return &h->sessions[i];
    return NULL;
}

void hub_session_close(struct hub *h, int64_t channel_id)
{
    pthread_mutex_lock(&h->lock);
    struct hub_session *s = channel_id ? find_locked(h, channel_id) : NULL;
    if (!s) {
        pthread_mutex_unlock(&h->lock);
        return;
    }
    s->closing = true;
    while (s->users > 0) /* each ends by its own time limit */
        pthread_cond_wait(&h->session_idle, &h->lock);
    void *session = s->session;
    const struct chan_driver *driver = s->driver;
    *s = (struct hub_session){0};
    pthread_mutex_unlock(&h->lock);
    driver->close(session);
}

void hub_sessions_close(struct hub *h)
{
    for (size_t i = 0; i < HUB_CHANNELS_MAX; i++)
        hub_session_close(h, h->sessions[i].channel_id);
}

enum pw_err hub_session_ready(struct hub *h, const struct channel *ch, int64_t generation, struct sv cursor, void **ret,
                              const char **ret_code)
{
    pthread_mutex_lock(&h->lock);
    struct hub_session *s = find_locked(h, ch->id);
    void *open = s && s->generation == generation ? s->session : NULL;
    pthread_mutex_unlock(&h->lock);
    if (open) {
        *ret = open;
        return PW_OK;
    }
    hub_session_close(h, ch->id); /* other settings than those it was opened with */
    void *session = NULL;
    PW_TRY(ch->driver->open(ch, h->cf.net, cursor, &session, ret_code));
    pthread_mutex_lock(&h->lock);
    s = find_locked(h, 0);
    if (s)
        *s = (struct hub_session){.channel_id = ch->id,
                                  .generation = generation,
                                  .leased_mono_ms = clock_mono_ms(),
                                  .driver = ch->driver,
                                  .session = session};
    pthread_mutex_unlock(&h->lock);
    if (!s) {
        ch->driver->close(session);
        return PW_UNAVAILABLE;
    }
    hub_note_error(h, ch->id, (struct sv){0});
    if (h->work)
        work_wake(h->work); /* what waited for the connection may leave */
    *ret = session;
    return PW_OK;
}

void hub_session_leased(struct hub *h, int64_t channel_id, bool leased, int64_t lease_ms)
{
    int64_t now = clock_mono_ms();
    pthread_mutex_lock(&h->lock);
    struct hub_session *s = find_locked(h, channel_id);
    if (s && leased)
        s->leased_mono_ms = now;
    bool ended = s && now - s->leased_mono_ms >= lease_ms;
    pthread_mutex_unlock(&h->lock);
    if (ended)
        hub_session_close(h, channel_id);
}

void *hub_session_use(struct hub *h, int64_t channel_id)
{
    pthread_mutex_lock(&h->lock);
    struct hub_session *s = find_locked(h, channel_id);
    void *session = s && !s->closing ? s->session : NULL;
    if (session)
        s->users++;
    pthread_mutex_unlock(&h->lock);
    return session;
}

void hub_session_leave(struct hub *h, int64_t channel_id)
{
    pthread_mutex_lock(&h->lock);
    struct hub_session *s = find_locked(h, channel_id);
    if (s && --s->users == 0)
        pthread_cond_broadcast(&h->session_idle);
    pthread_mutex_unlock(&h->lock);
}

bool hub_send_ready(void *self, int64_t channel_id)
{
    struct hub *h = self;
    pthread_mutex_lock(&h->lock);
    const struct channel *ch = set_by_id(h->set, channel_id);
    const struct hub_session *s = find_locked(h, channel_id);
    bool ready = !ch || !ch->driver->open || (s && !s->closing);
    pthread_mutex_unlock(&h->lock);
    return ready;
}
