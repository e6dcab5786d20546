#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_unix(bait);
}

const struct escape escape_path_socket_tmp = {
    .name = "path-socket-tmp",
    .class = "Unix sockets",
    .reason = "a server outside at a path in /tmp: it acts, and passes descriptors on",
    .bait = "path-socket-tmp",
    .may_be_missing = true,
    .attempt = attempt,
};
