#include "escape.h"

#include <sys/socket.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_call("socket", socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

const struct escape escape_vsock = {
    .name = "vsock",
    .class = "vsock",
    .reason = "the hypervisor, past every network namespace",
    .may_be_missing = true,
    .attempt = attempt,
};
