#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_service(bait);
}

const struct escape escape_dns_nscd_socket = {
    .name = "dns-nscd-socket",
    .class = "DNS tunnel",
    .reason = "names asked of the host's name service cache by its socket",
    .bait = "dns-nscd-socket",
    .attempt = attempt,
};
