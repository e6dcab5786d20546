#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_service(bait);
}

const struct escape escape_container_socket_crio = {
    .name = "container-socket-crio",
    .class = "container sockets",
    .reason = "CRI-O's socket: a container with the whole machine in it",
    .bait = "container-socket-crio",
    .attempt = attempt,
};
