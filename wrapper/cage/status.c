#include "status.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_NOT_STARTED = 125, SIGNAL_EXIT = 128, LINE_BYTES_MAX = 512 };

/* One write a line: nothing can come between its halves. */
static void tell(const char *line, int bytes) {
  while (write(STATUS_FD, line, (size_t)bytes) < 0 && errno == EINTR) continue;
}

void tell_started(void) {
  tell("@started\n", 9);
}

void tell_exit(int code) {
  char line[LINE_BYTES_MAX];
  tell(line, snprintf(line, sizeof line, "@exit %d\n", code));
}

int exit_code_of(int status) {
  return WIFSIGNALED(status) ? SIGNAL_EXIT + WTERMSIG(status) : WEXITSTATUS(status);
}

void fail(const char *step) {
  char line[LINE_BYTES_MAX];
  int bytes = snprintf(line, sizeof line, "@fail %s: %s\n", step, strerror(errno));
  tell(line, bytes < (int)sizeof line ? bytes : (int)sizeof line - 1);
  _exit(EXIT_NOT_STARTED);
}
