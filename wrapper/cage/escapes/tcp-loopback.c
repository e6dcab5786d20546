#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_tcp(bait);
}

const struct escape escape_tcp_loopback = {
    .name = "tcp-loopback",
    .class = "TCP",
    .reason = "a server on the host's own loopback address",
    .bait = "tcp-loopback",
    .may_be_missing = true,
    .attempt = attempt,
};
