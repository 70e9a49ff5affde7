/* SPDX-License-Identifier: EUPL-1.2 */
/* program_pages: the handlers behind program_routes. */
#ifndef PW_PROGRAM_PAGES_H
#define PW_PROGRAM_PAGES_H

#include "feature/program/program_view.h"
#include "ui/web.h"

#define PROGRAM_HANDLER(name) enum pw_err name(struct http_req *q, struct http_res *r)
PROGRAM_HANDLER(programs_get);
PROGRAM_HANDLER(program_new_get);
PROGRAM_HANDLER(program_new_post);
PROGRAM_HANDLER(program_one_get);
PROGRAM_HANDLER(program_edit_get);
PROGRAM_HANDLER(program_edit_post);
PROGRAM_HANDLER(program_words_post);
PROGRAM_HANDLER(program_state_post);
PROGRAM_HANDLER(program_close_get);
PROGRAM_HANDLER(program_people_get);
PROGRAM_HANDLER(program_enrol_get);
PROGRAM_HANDLER(program_enrol_post);
PROGRAM_HANDLER(person_enrol_get);
PROGRAM_HANDLER(person_enrol_post);
PROGRAM_HANDLER(enrolment_one_get);
PROGRAM_HANDLER(enrolment_modes_post);
PROGRAM_HANDLER(enrolment_end_post);
PROGRAM_HANDLER(enrolment_back_post);
PROGRAM_HANDLER(program_report_get);
PROGRAM_HANDLER(program_export_get);
PROGRAM_HANDLER(own_program_get);
PROGRAM_HANDLER(own_program_post);

struct sv program_path(struct arena *a, int64_t id, const char *rest); /* "/programs/<id>rest" */
/* Several values of a field as codes with spaces. */
struct sv codes_of(struct http_req *q, const char *name);
/* The ids of a field of several values; a text that is no id is 0. */
PW_MUST_CHECK enum pw_err ids_of(struct http_req *q, const char *name, const int64_t **ret, size_t *ret_n);
/* The report of the fields "from" and "to"; none: the running month. */
PW_MUST_CHECK enum pw_err report_load(struct http_req *q, struct program_report *ret);

#endif
