#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_tcp(bait);
}

const struct escape escape_tcp6_loopback = {
    .name = "tcp6-loopback",
    .class = "IPv6",
    .reason = "a server on the host's own IPv6 loopback address",
    .bait = "tcp6-loopback",
    .may_be_missing = true,
    .attempt = attempt,
};
