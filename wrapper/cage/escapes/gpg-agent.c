#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_service(bait);
}

const struct escape escape_gpg_agent = {
    .name = "gpg-agent",
    .class = "agents",
    .reason = "the GnuPG agent: signatures with keys that are not the duty's",
    .bait = "gpg-agent",
    .attempt = attempt,
};
