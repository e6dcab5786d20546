#include "drain.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

enum { CHUNK_BYTES = 65536 };

int drain(void) {
  static char bytes[CHUNK_BYTES];
  signal(SIGHUP, SIG_IGN);
  for (;;) {
    struct pollfd ready = {.fd = 0, .events = POLLIN};
    if (poll(&ready, 1, -1) < 0 && errno != EINTR) return 0;
    ssize_t got = read(0, bytes, sizeof bytes);
    if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) return 0;
  }
}
