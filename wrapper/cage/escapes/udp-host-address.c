#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_udp(bait);
}

const struct escape escape_udp_host_address = {
    .name = "udp-host-address",
    .class = "UDP",
    .reason = "a UDP server at an address of the host",
    .bait = "udp-host-address",
    .may_be_missing = true,
    .attempt = attempt,
};
