#include "escape.h"

#include <sys/socket.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_call("socket", socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
}

const struct escape escape_af_alg = {
    .name = "af-alg",
    .class = "other sockets",
    .reason = "the kernel's cryptography, a frequent way to the kernel itself",
    .may_be_missing = true,
    .attempt = attempt,
};
