#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_udp(bait);
}

const struct escape escape_udp_loopback = {
    .name = "udp-loopback",
    .class = "UDP",
    .reason = "a UDP server on the host's own loopback address",
    .bait = "udp-loopback",
    .may_be_missing = true,
    .attempt = attempt,
};
