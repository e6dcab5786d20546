#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_service(bait);
}

const struct escape escape_container_socket_containerd = {
    .name = "container-socket-containerd",
    .class = "container sockets",
    .reason = "containerd's socket: a container with the whole machine in it",
    .bait = "container-socket-containerd",
    .attempt = attempt,
};
