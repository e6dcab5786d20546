#include "escape.h"

#include <sys/socket.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_call("socket", socket(AF_VSOCK, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

const struct escape escape_vsock_datagram = {
    .name = "vsock-datagram",
    .class = "vsock",
    .reason = "the hypervisor by datagrams, past a filter that knows streams only",
    .may_be_missing = true,
    .attempt = attempt,
};
