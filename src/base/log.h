/* SPDX-License-Identifier: EUPL-1.2 */
/* log: one line an event on standard error, `level what key=value …`. Never the words, names, numbers or addresses of a
 * person, never a secret: ids, counts and codes only. Only main/, http/ and work/ end requests and jobs, so only they
 * log. */
#ifndef PW_LOG_H
#define PW_LOG_H

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level max);
void log_line(enum log_level level, const char *what, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
