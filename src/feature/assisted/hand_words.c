/* SPDX-License-Identifier: EUPL-1.2 */
/* The script: what a person is to do in an app. {0} is the app, {1} the person there. */
#include "base/sv.h"
#include "feature/assisted/assisted_pages.h"

const char *hand_app_label(struct sv app)
{
    if (sv_eq_z(app, "whatsapp"))
        return N_("WhatsApp");
    if (sv_eq_z(app, "facebook"))
        return N_("Facebook");
    if (sv_eq_z(app, "wechat"))
        return N_("WeChat");
    if (sv_eq_z(app, "phone"))
        return N_("Telephone");
    return N_("the app");
}

const char *hand_sentence(const struct hand_task *t)
{
    bool phone = sv_eq_z(t->app, "phone");
    switch (t->op) {
    case OP_TEXT:
    case OP_FILE:
        if (phone)
            return N_("Call {1} and say these words. Leave nothing on a machine that others may hear.");
        return t->private_word ? N_("Write these words privately to {1} in {0}.")
                               : N_("Open the group in {0} and post these words.");
    case OP_DELETE:
        return N_("Delete this message of {1} in the group in {0}, for everybody.");
    case OP_APPROVE_JOIN:
        return N_("Let {1} into the group in {0}.");
    case OP_DECLINE_JOIN:
        return N_("Decline the request of {1} in {0}.");
    case OP_QUEUE_JOIN:
        return N_("Let the request of {1} in {0} wait: a person decides.");
    case OP_RESTRICT:
        return N_("Stop {1} from writing in the group in {0}.");
    case OP_UNRESTRICT:
        return N_("Let {1} write in the group in {0} again.");
    case OP_BAN:
        return N_("Remove {1} from the group in {0} and keep them out.");
    case OP_UNBAN:
        return N_("{1} may come back to the group in {0}: lift the block there.");
    case OP_LEAVE:
        return N_("Leave the group in {0}.");
    case OP_TEMPLATE: /* asks for a reply where a window is shut: there is none by hand */
    case OP_ENTER:    /* people get no invitations for us */
    case OP_MARK:     /* a correction is posted by itself */
    case OP__MAX:
        break;
    }
    return N_("Look into the group in {0}.");
}

static const char *for_whatsapp(enum chan_op op)
{
    switch (op) {
    case OP_DELETE:
        return N_("Press and hold the message, Delete, Delete for everyone. Administrators of the group can.");
    case OP_APPROVE_JOIN:
    case OP_DECLINE_JOIN:
        return N_("Name of the group, Pending participants.");
    case OP_RESTRICT:
        return N_(
            "WhatsApp cannot silence one person. Ask them privately, or let only administrators write for a while.");
    case OP_BAN:
        return N_("Name of the group, press the person, Remove. In a community: also Remove from community.");
    default:
        return NULL;
    }
}

static const char *for_facebook(enum chan_op op)
{
    switch (op) {
    case OP_DELETE:
        return N_("Three dots beside the post, Remove post.");
    case OP_APPROVE_JOIN:
    case OP_DECLINE_JOIN:
        return N_("Admin tools, Member requests.");
    case OP_RESTRICT:
        return N_("Members, three dots beside the name, Suspend member.");
    case OP_BAN:
        return N_("Members, three dots beside the name, Remove member; tick Ban member.");
    case OP_UNBAN:
        return N_("Members, Blocked, Remove ban.");
    default:
        return NULL;
    }
}

static const char *for_wechat(enum chan_op op)
{
    switch (op) {
    case OP_DELETE:
        return N_(
            "WeChat cannot delete the words of others. Ask the writer to recall them (within two minutes), or post a "
            "correction.");
    case OP_APPROVE_JOIN:
    case OP_DECLINE_JOIN:
        return N_("The invitation stands in the group: press it and decide.");
    case OP_BAN:
        return N_("Three dots, the minus sign, choose the person.");
    default:
        return NULL;
    }
}

const char *hand_hint(const struct hand_task *t)
{
    return sv_eq_z(t->app, "whatsapp")   ? for_whatsapp(t->op)
           : sv_eq_z(t->app, "facebook") ? for_facebook(t->op)
           : sv_eq_z(t->app, "wechat")   ? for_wechat(t->op)
                                         : NULL;
}

const char *hand_result_label(struct sv result)
{
    return sv_eq_z(result, "done")        ? N_("Done")
           : sv_eq_z(result, "could-not") ? N_("Could not be done")
                                          : N_("Taken back");
}

const char *hand_op_label(struct sv op)
{
    static const struct {
        const char *code, *label;
    } labels[] = {{"text", N_("Words posted or said")}, {"file", N_("File posted")},
                  {"delete", N_("Message deleted")},    {"approve", N_("Person let in")},
                  {"decline", N_("Request declined")},  {"queue", N_("Request left waiting")},
                  {"restrict", N_("Person silenced")},  {"unrestrict", N_("Silence ended")},
                  {"remove", N_("Person removed")},     {"readmit", N_("Block lifted")},
                  {"leave", N_("Group left")}};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (sv_eq_z(op, labels[i].code))
            return labels[i].label;
    return N_("Something else");
}

const char *hand_reason_label(struct sv reason)
{
    return sv_eq_z(reason, "no-right")      ? N_("We have no right to do it there")
           : sv_eq_z(reason, "not-there")   ? N_("The person or message is not there any more")
           : sv_eq_z(reason, "not-reached") ? N_("The person was not reached")
                                            : N_("Another reason");
}
