#include "escape.h"

#include <netinet/in.h>
#include <sys/socket.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_call("socket", socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP));
}

const struct escape escape_icmp_ping_socket = {
    .name = "icmp-ping-socket",
    .class = "ICMP and raw sockets",
    .reason = "echo requests, whose payload is a tunnel",
    .may_be_missing = true,
    .attempt = attempt,
};
