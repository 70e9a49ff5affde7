/* SPDX-License-Identifier: EUPL-1.2 */
#include "err.h"

#include <string.h>

static const struct {
    const char *name;
    int status;
    const char *msgid;
} kinds[PW_ERR__MAX] = {
    [PW_OK] = {"ok", 200, N_("Done.")},
    [PW_NOT_FOUND] = {"not-found", 404, N_("This page does not exist, or it is not yours to see.")},
    [PW_DENIED] = {"denied", 403, N_("You do not have the right to do this.")},
    [PW_INVALID] = {"invalid", 422, N_("Something needs to be corrected.")},
    [PW_CONFLICT] = {"conflict", 409, N_("Someone else changed this first. Look again before you continue.")},
    [PW_RETRY] = {"retry", 503, N_("The server is busy. Please try again.")},
    [PW_UNAVAILABLE] = {"unavailable", 503, N_("A part of the service is not reachable. Please try again later.")},
    [PW_INTERNAL] = {"internal", 500, N_("Something went wrong on our side. Nothing was lost; please try again.")},
};

const char *err_name(enum pw_err e)
{
    return kinds[e].name;
}

int err_http_status(enum pw_err e)
{
    return kinds[e].status;
}

const char *err_message(enum pw_err e)
{
    return kinds[e].msgid;
}

enum pw_err problem_add_arg(struct problems *ps, const char *field, const char *msgid, struct sv arg)
{
    if (ps && ps->n < PROBLEMS_MAX)
        ps->v[ps->n++] = (struct problem){field, msgid, arg};
    return PW_INVALID;
}

enum pw_err problem_add(struct problems *ps, const char *field, const char *msgid)
{
    return problem_add_arg(ps, field, msgid, (struct sv){0});
}

const struct problem *problem_of(const struct problems *ps, const char *field)
{
    for (size_t i = 0; ps && i < ps->n; i++)
        if (ps->v[i].field && strcmp(ps->v[i].field, field) == 0)
            return &ps->v[i];
    return NULL;
}
