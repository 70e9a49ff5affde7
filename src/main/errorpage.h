/* SPDX-License-Identifier: EUPL-1.2 */
/* errorpage: how an error reaches a person (a page in their language) or a program (problem details, RFC 9457). */
#ifndef PW_ERRORPAGE_H
#define PW_ERRORPAGE_H

#include "http/http.h"

void error_answer(struct http_req *q, struct http_res *r, enum pw_err e);

#endif
