/* SPDX-License-Identifier: EUPL-1.2 */
/* listen: the socket on which requests arrive, and enough descriptors for all of them. */
#ifndef PW_HTTP_LISTEN_H
#define PW_HTTP_LISTEN_H

#include "base/err.h"

/* A numeric address ("::" takes IPv4 too) and a port, 0 = any. The caller closes the socket. PW_INVALID: no such
 * address; PW_UNAVAILABLE: the port is taken or may not be used. */
PW_MUST_CHECK enum pw_err listen_on(struct sv address, int port, int *ret_fd, int *ret_port);
/* Sockets, and some for the database and files: as many as the system allows; says so when that is too few. */
void raise_descriptors(int connections);

#endif
