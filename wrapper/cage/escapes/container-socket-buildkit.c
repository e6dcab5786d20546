#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_service(bait);
}

const struct escape escape_container_socket_buildkit = {
    .name = "container-socket-buildkit",
    .class = "container sockets",
    .reason = "BuildKit's socket: build steps that run outside",
    .bait = "container-socket-buildkit",
    .attempt = attempt,
};
