/* SPDX-License-Identifier: EUPL-1.2 */
/* fd: what every writer of files and pipes needs. */
#ifndef PW_FD_H
#define PW_FD_H

#include <stdbool.h>
#include <stddef.h>

/* All n bytes, however often the kernel takes a part; false with errno. */
bool fd_write_all(int fd, const void *p, size_t n);

#endif
