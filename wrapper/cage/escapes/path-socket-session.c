#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_unix(bait);
}

const struct escape escape_path_socket_session = {
    .name = "path-socket-session",
    .class = "Unix sockets",
    .reason = "a server outside at a path in the session's own folder: it acts, and passes descriptors on",
    .bait = "path-socket-session",
    .may_be_missing = true,
    .attempt = attempt,
};
