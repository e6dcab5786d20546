#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_unix(bait);
}

const struct escape escape_path_socket_run = {
    .name = "path-socket-run",
    .class = "Unix sockets",
    .reason = "a server outside at a path in the folder for run-time files: it acts, and passes descriptors on",
    .bait = "path-socket-run",
    .may_be_missing = true,
    .attempt = attempt,
};
