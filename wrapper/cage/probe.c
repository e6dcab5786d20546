#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "escapes/escape.h"
#include "status.h"

enum { ESCAPES_MAX = 256, DETAIL_BYTES_MAX = 96, EXIT_BROKEN = 125 };

/* For all attempts together. They need a fiftieth of it; the rest is patience with a machine that is busy. */
enum { DEADLINE_MS = 5000 };

/* One for each attempt, in memory that its process shares with this one. */
struct slot {
  pid_t pid;
  bool is_tried;
  bool is_done;
  enum verdict verdict;
  int error;
  char detail[DETAIL_BYTES_MAX];
};

static const char *const VERDICTS[] = {"held", "open", "absent", "late"};

static bool is_only(const char *what) {
  const char *only = bait_value("only", 0);
  return only != NULL && strcmp(only, what) == 0;
}

/* A bait that no attempt wants is one of the wrapper's that goes untried. */
static bool are_baits_known(void) {
  static const char *const SETTINGS[] = {"cookie", "outside", "only"};
  for (size_t index = 0; index < baits_count(); index++) {
    const char *name = bait_name_at(index);
    bool is_known = false;
    for (size_t n = 0; n < sizeof SETTINGS / sizeof *SETTINGS; n++) is_known = is_known || strcmp(SETTINGS[n], name) == 0;
    for (size_t n = 0; escapes[n] != NULL; n++) {
      is_known = is_known || (escapes[n]->bait != NULL && strcmp(escapes[n]->bait, name) == 0);
    }
    if (!is_known) return false;
  }
  return true;
}

static void finish(struct slot *slot, enum verdict verdict, const char *detail) {
  slot->verdict = verdict;
  slot->error = outcome_error();
  snprintf(slot->detail, sizeof slot->detail, "%s", detail);
  slot->is_done = true;
}

/* The first bait of several that is not held decides, else the last. */
static void try_escape(const struct escape *escape, struct slot *slot) {
  enum verdict verdict = HELD;
  const char *bait = escape->bait == NULL ? NULL : bait_value(escape->bait, 0);
  for (size_t n = 0; n == 0 || bait != NULL; bait = escape->bait == NULL ? NULL : bait_value(escape->bait, n)) {
    verdict = escape->attempt(bait);
    if (verdict != HELD) break;
    n++;
  }
  finish(slot, verdict, outcome_detail());
}

static void begin(const struct escape *escape, struct slot *slot) {
  slot->is_tried = true;
  slot->pid = fork();
  if (slot->pid < 0) finish(slot, LATE, "no process could be made");
  if (slot->pid != 0) return;
  /* No attempt talks to the wrapper, and none outlives this program. */
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0 || dup2(nothing, STATUS_FD) < 0) finish(slot, LATE, "/dev/null cannot be opened");
  else try_escape(escape, slot);
  _exit(0);
}

/* A process that the filter for system calls killed was held; one that died otherwise proves nothing. */
static void bury(struct slot *slot, int status) {
  slot->pid = 0;
  if (slot->is_done) return;
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) finish(slot, HELD, "killed by the filter");
  else finish(slot, LATE, "it crashed");
}

static long left_ms(const struct timespec *began) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return DEADLINE_MS - ((now.tv_sec - began->tv_sec) * 1000 + (now.tv_nsec - began->tv_nsec) / 1000000);
}

/* Waits for all, and kills those that are late. SIGCHLD is blocked, so that none is missed between look and wait. */
static void wait_all(struct slot *slots, size_t count, size_t running, const sigset_t *child, const struct timespec *began) {
  while (running > 0) {
    int status;
    pid_t pid = waitpid(-1, &status, WNOHANG);
    if (pid < 0 && errno != EINTR) return;
    for (size_t index = 0; pid > 0 && index < count; index++) {
      if (slots[index].pid != pid) continue;
      bury(&slots[index], status);
      running--;
    }
    long left = left_ms(began);
    if (pid == 0 && left <= 0) break;
    if (pid == 0) sigtimedwait(child, NULL, &(struct timespec){.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000});
  }
  for (size_t index = 0; index < count; index++) {
    if (slots[index].pid <= 0) continue;
    kill(slots[index].pid, SIGKILL);
    waitpid(slots[index].pid, NULL, 0);
    if (!slots[index].is_done) finish(&slots[index], LATE, "it took too long");
  }
}

static enum verdict judge(const struct slot *slot) {
  if (!slot->is_tried) return ABSENT;
  if (slot->verdict != HELD) return slot->verdict;
  /* Outside there is no cage to hold anything: who is not forbidden has found nothing. */
  bool is_forbidden = slot->error == 0 || slot->error == EPERM || slot->error == EACCES || slot->error == EROFS;
  return is_outside() && !is_forbidden ? ABSENT : HELD;
}

static void tell(const struct escape *escape, const struct slot *slot) {
  const char *detail = slot->is_tried ? slot->detail : "no bait";
  dprintf(STATUS_FD, "@escape %s %s %s\n", escape->name, VERDICTS[judge(slot)], detail);
}

static void take_baits(int fd) {
  note_inherited(fd);
  errno = EINVAL;
  if (!read_baits(fd) || !are_baits_known()) fail("baits");
  close(fd);
}

static struct slot *shared_slots(void) {
  size_t bytes = sizeof(struct slot) * ESCAPES_MAX;
  struct slot *slots = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (slots == MAP_FAILED) fail("memory");
  return slots;
}

/* A child's end is waited for as a signal; nothing inside may look into this process, which holds the way to the wrapper. */
static void prepare(sigset_t *child) {
  sigemptyset(child);
  sigaddset(child, SIGCHLD);
  signal(SIGCHLD, SIG_DFL);
  if (sigprocmask(SIG_BLOCK, child, NULL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0) fail("probe");
}

int probe(int bait_fd) {
  struct timespec began;
  sigset_t child;
  take_baits(bait_fd);
  struct slot *slots = shared_slots();
  prepare(&child);
  clock_gettime(CLOCK_MONOTONIC, &began);
  size_t count = 0, running = 0;
  bool is_kernel = is_only("kernel");
  for (; escapes[count] != NULL && count < ESCAPES_MAX; count++) {
    if (is_kernel && !escapes[count]->may_be_missing) continue;
    if (escapes[count]->bait != NULL && bait_value(escapes[count]->bait, 0) == NULL) continue;
    begin(escapes[count], &slots[count]);
    running += slots[count].pid > 0;
  }
  wait_all(slots, count, running, &child, &began);
  for (size_t index = 0; index < count; index++) {
    if (!is_kernel || escapes[index]->may_be_missing) tell(escapes[index], &slots[index]);
  }
  return 0;
}

int list_escapes(void) {
  for (size_t index = 0; escapes[index] != NULL; index++) {
    printf("%s\t%s\t%s\n", escapes[index]->name, escapes[index]->class, escapes[index]->reason);
  }
  return fflush(stdout) == 0 ? 0 : EXIT_BROKEN;
}
