#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_unix(bait);
}

const struct escape escape_path_socket_home = {
    .name = "path-socket-home",
    .class = "Unix sockets",
    .reason = "a server outside at a path in the home folder: it acts, and passes descriptors on",
    .bait = "path-socket-home",
    .may_be_missing = true,
    .attempt = attempt,
};
