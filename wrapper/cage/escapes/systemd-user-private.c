#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_service(bait);
}

const struct escape escape_systemd_user_private = {
    .name = "systemd-user-private",
    .class = "D-Bus and systemd",
    .reason = "the user manager's own socket: units started outside",
    .bait = "systemd-user-private",
    .attempt = attempt,
};
