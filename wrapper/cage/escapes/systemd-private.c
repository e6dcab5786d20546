#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_service(bait);
}

const struct escape escape_systemd_private = {
    .name = "systemd-private",
    .class = "D-Bus and systemd",
    .reason = "systemd's own socket: units started outside, as by systemd-run",
    .bait = "systemd-private",
    .attempt = attempt,
};
