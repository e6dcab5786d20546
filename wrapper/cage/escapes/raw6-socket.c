#include "escape.h"

#include <netinet/in.h>
#include <sys/socket.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_call("socket", socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6));
}

const struct escape escape_raw6_socket = {
    .name = "raw6-socket",
    .class = "ICMP and raw sockets",
    .reason = "IPv6 packets of any protocol, in anybody's name",
    .may_be_missing = true,
    .attempt = attempt,
};
