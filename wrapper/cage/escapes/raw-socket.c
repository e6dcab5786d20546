#include "escape.h"

#include <netinet/in.h>
#include <sys/socket.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_call("socket", socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP));
}

const struct escape escape_raw_socket = {
    .name = "raw-socket",
    .class = "ICMP and raw sockets",
    .reason = "packets of any protocol, in anybody's name",
    .attempt = attempt,
};
