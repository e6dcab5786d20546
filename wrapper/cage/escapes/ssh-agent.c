#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_service(bait);
}

const struct escape escape_ssh_agent = {
    .name = "ssh-agent",
    .class = "agents",
    .reason = "the ssh agent: log-ins with keys that are not the duty's",
    .bait = "ssh-agent",
    .attempt = attempt,
};
