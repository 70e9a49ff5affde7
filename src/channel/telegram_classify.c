/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/telegram.h"

#include "json/json.h"

/* Telegram's refusals that mean something to us; the code is what is kept and shown, never the words. */
static const struct {
    const char *words, *code;
} known[] = {
    {"chat not found", "400-no-chat"},
    {"message to be replied not found", "400-no-reply"},
    {"message to delete not found", "400-no-message"},
    {"message can't be deleted", "400-too-old"},
    {"message is not modified", "400-same"},
    {"message to edit not found", "400-no-message"},
    {"HIDE_REQUESTER_MISSING", "400-request-gone"},
    {"USER_ALREADY_PARTICIPANT", "400-already-in"},
    {"QUERY_ID_INVALID", "400-query-gone"},
    {"query is too old", "400-query-gone"},
    {"not enough rights", "400-rights"},
    {"available only for supergroups", "400-not-supergroup"},
    {"available for supergroup", "400-not-supergroup"},
    {"user is an administrator", "400-administrator"},
    {"can't remove chat owner", "400-administrator"},
    {"bot was blocked", "403-blocked"},
    {"user is deactivated", "403-gone"},
    {"can't initiate conversation", "403-not-started"},
    {"bot can't send messages to bots", "403-bot"},
    {"bot was kicked", "403-put-out"},
    {"bot is not a member", "403-put-out"},
};

static struct sv code_of(int status, struct sv words, struct arena *a)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (sv_find(words, sv_of(known[i].words)) >= 0)
            return sv_of(known[i].code);
    return arena_fmt(a, "%d", status);
}

void telegram_classify(int status, struct sv body, bool private_chat, struct arena *a, struct telegram_reply *ret)
{
    *ret = (struct telegram_reply){.status = status};
    json_t *root = NULL;
    bool readable = json_read(body, a, &root, NULL) == PW_OK && json_is_object(root);
    struct send_result *res = &ret->res;
    if (status >= 200 && status < 300) {
        if (readable && json_member_bool(root, "ok")) {
            res->cls = SEND_OK;
            ret->result = json_object_get(root, "result");
            return;
        }
        res->cls = SEND_IN_DOUBT; /* taken, but we cannot read what became of it */
        res->code = SV("unreadable");
        return;
    }
    if (readable) {
        /* Telegram repeats the code in the body; a gateway before it may disagree: the body knows better. */
        int64_t code = json_member_int(root, "error_code", status);
        if (code >= 400 && code < 600)
            status = ret->status = (int)code;
        ret->description = json_member_sv(root, "description");
    }
    const json_t *more = readable ? json_object_get(root, "parameters") : NULL;
    res->code = code_of(status, ret->description, a);
    if (status == 429) {
        int64_t s = json_member_int(more, "retry_after", 0);
        res->cls = SEND_RETRY;
        res->pause_lane = true;
        res->retry_after_ms = s > 0 && s <= 86400 ? s * 1000 : 1000;
    } else if (status == 400 && json_id_sv(json_object_get(more, "migrate_to_chat_id"), a).n) {
        ret->new_chat = json_id_sv(json_object_get(more, "migrate_to_chat_id"), a);
        res->cls = SEND_RETRY;
        res->code = SV("migrated");
    } else if (status == 401 || status == 404) {
        /* The token is no longer good: nothing of the queue may be lost for that. */
        res->cls = SEND_RETRY;
        res->pause_lane = true;
        res->retry_after_ms = 5 * 60 * 1000;
    } else if (status == 403 && private_chat && (sv_eq_z(res->code, "403-blocked") || sv_eq_z(res->code, "403-gone"))) {
        res->cls = SEND_BLOCKED;
    } else if (status < 400 || status == 408 || status == 409 || status >= 500) {
        res->cls = SEND_RETRY;
    } else {
        res->cls = SEND_FAILED;
    }
}
