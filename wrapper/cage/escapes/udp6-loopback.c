#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_udp(bait);
}

const struct escape escape_udp6_loopback = {
    .name = "udp6-loopback",
    .class = "IPv6",
    .reason = "a UDP server on the host's own IPv6 loopback address",
    .bait = "udp6-loopback",
    .may_be_missing = true,
    .attempt = attempt,
};
