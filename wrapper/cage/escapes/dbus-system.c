#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_service(bait);
}

const struct escape escape_dbus_system = {
    .name = "dbus-system",
    .class = "D-Bus and systemd",
    .reason = "the system's message bus: services that act as root for who asks",
    .bait = "dbus-system",
    .attempt = attempt,
};
