#include "orders.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "status.h"
#include "survivors.h"

enum { LINE_BYTES_MAX = 64 };

struct named {
  const char *name;
  int number;
};

static const struct named SIGNALS[] = {
    {"HUP", SIGHUP}, {"INT", SIGINT}, {"QUIT", SIGQUIT}, {"PIPE", SIGPIPE}, {"TERM", SIGTERM}, {"USR1", SIGUSR1}, {"USR2", SIGUSR2},
};

static void send(pid_t command, const char *name) {
  for (size_t index = 0; index < sizeof SIGNALS / sizeof *SIGNALS; index++) {
    if (strcmp(SIGNALS[index].name, name) != 0) continue;
    int number = SIGNALS[index].number;
    kill(number == SIGINT || number == SIGQUIT ? -command : command, number);
  }
}

static void end(pid_t command, pid_t inside) {
  if (inside != 0) kill_survivors(inside);
  kill(command, SIGKILL);
}

static void take(const char *line, pid_t command, pid_t inside) {
  if (strncmp(line, "signal ", 7) == 0) send(command, line + 7);
  else if (strcmp(line, "kill") == 0) end(command, inside);
}

bool obey(pid_t command, pid_t inside) {
  static char line[LINE_BYTES_MAX];
  static size_t length;
  char byte;
  ssize_t got = read(STATUS_FD, &byte, 1);
  if (got < 0 && errno == EINTR) return true;
  if (got <= 0) {
    end(command, inside);
    return false;
  }
  if (byte != '\n') {
    if (length < sizeof line - 1) line[length++] = byte;
    return true;
  }
  line[length] = '\0';
  length = 0;
  take(line, command, inside);
  return true;
}
