#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_service(bait);
}

const struct escape escape_dbus_session = {
    .name = "dbus-session",
    .class = "D-Bus and systemd",
    .reason = "the user's message bus: programs started outside, as by systemd-run --user",
    .bait = "dbus-session",
    .attempt = attempt,
};
