#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_service(bait);
}

const struct escape escape_container_socket_docker = {
    .name = "container-socket-docker",
    .class = "container sockets",
    .reason = "Docker's socket: a container with the whole machine in it",
    .bait = "container-socket-docker",
    .attempt = attempt,
};
