#include "escape.h"

#include <errno.h>
#include <sys/timex.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  struct timex clock = {0};
  if (adjtimex(&clock) < 0) return held_by("adjtimex", errno);
  /* To what it is. */
  clock.modes = ADJ_TICK;
  return of_call("adjtimex", adjtimex(&clock));
}

const struct escape escape_clock_set = {
    .name = "clock-set",
    .class = "kernel calls",
    .reason = "the machine's clock, and with it every time limit and signature",
    .attempt = attempt,
};
