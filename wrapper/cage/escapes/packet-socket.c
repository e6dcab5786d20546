#include "escape.h"

#include <sys/socket.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_call("socket", socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
}

const struct escape escape_packet_socket = {
    .name = "packet-socket",
    .class = "ICMP and raw sockets",
    .reason = "frames below every rule, and all that passes by",
    .may_be_missing = true,
    .attempt = attempt,
};
