#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_tcp(bait);
}

const struct escape escape_tcp6_host_address = {
    .name = "tcp6-host-address",
    .class = "IPv6",
    .reason = "a server at an IPv6 address of the host",
    .bait = "tcp6-host-address",
    .may_be_missing = true,
    .attempt = attempt,
};
