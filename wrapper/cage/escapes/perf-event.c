#include "escape.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  struct perf_event_attr event = {.type = PERF_TYPE_SOFTWARE, .size = sizeof event, .config = PERF_COUNT_SW_CPU_CLOCK, .disabled = 1};
  return of_call("perf_event_open", syscall(SYS_perf_event_open, &event, -1, 0, -1, 0));
}

const struct escape escape_perf_event = {
    .name = "perf-event",
    .class = "kernel calls",
    .reason = "what every process on a processor does",
    .may_be_missing = true,
    .attempt = attempt,
};
