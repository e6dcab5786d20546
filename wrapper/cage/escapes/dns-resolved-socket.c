#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_service(bait);
}

const struct escape escape_dns_resolved_socket = {
    .name = "dns-resolved-socket",
    .class = "DNS tunnel",
    .reason = "names asked of the host's resolver service by its socket",
    .bait = "dns-resolved-socket",
    .attempt = attempt,
};
