/* SPDX-License-Identifier: EUPL-1.2 */
#include "http/listen.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"

enum pw_err listen_on(struct sv address, int port, int *ret_fd, int *ret_port)
{
    struct addrinfo hint = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
    struct addrinfo *ai = NULL;
    char text[INET6_ADDRSTRLEN + 1], number[16];
    int on = 1, off = 0;
    snprintf(number, sizeof number, "%d", port);
    snprintf(text, sizeof text, "%.*s", SV_ARG(address.n ? address : SV("127.0.0.1")));
    if (port < 0 || port > 65535 || address.n > INET6_ADDRSTRLEN || getaddrinfo(text, number, &hint, &ai) != 0)
        return PW_INVALID;
    int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (ai->ai_family == AF_INET6)
            (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    bool ok = fd >= 0 && bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 && listen(fd, 1024) == 0;
    freeaddrinfo(ai);
    struct sockaddr_storage at;
    socklen_t n = sizeof at;
    if (ok)
        ok = getsockname(fd, (struct sockaddr *)&at, &n) == 0;
    if (!ok) {
        if (fd >= 0)
            close(fd);
        return PW_UNAVAILABLE;
    }
    *ret_fd = fd;
    *ret_port = at.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&at)->sin6_port)
                                         : ntohs(((struct sockaddr_in *)&at)->sin_port);
    return PW_OK;
}

void raise_descriptors(int connections)
{
    struct rlimit limit;
    rlim_t want = (rlim_t)connections + 1000;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= want)
        return;
    limit.rlim_cur = limit.rlim_max == RLIM_INFINITY || limit.rlim_max > want ? want : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < want)
        log_line(LOG_WARN, "descriptors", "allowed=%llu wanted=%llu", (unsigned long long)limit.rlim_cur,
                 (unsigned long long)want);
}
