#include "escape.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

/* Identity 0x6467, recursion wanted, one question: the root's name servers. */
static const unsigned char QUESTION[] = {0x64, 0x67, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1};

static enum verdict attempt(const char *bait) {
  char address[64];
  snprintf(address, sizeof address, "%s 53", bait);
  enum verdict verdict = HELD;
  int fd = ask_udp(address, QUESTION, sizeof QUESTION, &verdict);
  if (fd < 0) return verdict;
  unsigned char answer[512];
  ssize_t got = recv(fd, answer, sizeof answer, 0);
  if (got < 0) return held_by("recv", errno);
  /* The gateway's resolver may have that address in here; it knows nothing of the root. */
  bool has_answer = got > 12 && (answer[3] & 0x0f) == 0 && (answer[6] | answer[7] | answer[8] | answer[9]) != 0;
  if (has_answer) return opened("the root was answered for");
  return is_outside() ? held_by("recv", ENOENT) : held("no resolver of the host's answers");
}

const struct escape escape_dns_real_resolver = {
    .name = "dns-real-resolver",
    .class = "DNS tunnel",
    .reason = "names asked of the host's resolver carry data to whoever owns the zone",
    .bait = "dns-real-resolver",
    .may_be_missing = true,
    .attempt = attempt,
};
