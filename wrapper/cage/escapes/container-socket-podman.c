#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_service(bait);
}

const struct escape escape_container_socket_podman = {
    .name = "container-socket-podman",
    .class = "container sockets",
    .reason = "Podman's socket: a container with the user's files in it",
    .bait = "container-socket-podman",
    .attempt = attempt,
};
