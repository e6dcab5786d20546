#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_unix(bait);
}

const struct escape escape_abstract_socket = {
    .name = "abstract-socket",
    .class = "Unix sockets",
    .reason = "a server outside at an abstract name, as D-Bus, X11 and containerd-shim have them",
    .bait = "abstract-socket",
    .may_be_missing = true,
    .attempt = attempt,
};
