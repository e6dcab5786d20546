#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_tcp(bait);
}

const struct escape escape_tcp_host_address = {
    .name = "tcp-host-address",
    .class = "TCP",
    .reason = "a server at an address of the host",
    .bait = "tcp-host-address",
    .may_be_missing = true,
    .attempt = attempt,
};
