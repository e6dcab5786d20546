#include "start.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptors.h"
#include "hide.h"
#include "probe.h"
#include "rights.h"
#include "settings.h"
#include "status.h"
#include "syscalls.h"

enum { EXIT_NOT_RUN = 126, EXIT_NOT_FOUND = 127, BAIT_FD = 3 };

struct resource {
  const char *name;
  int number;
};

static const struct resource RESOURCES[] = {
    {"as", RLIMIT_AS},           {"core", RLIMIT_CORE},     {"cpu", RLIMIT_CPU},         {"data", RLIMIT_DATA},
    {"fsize", RLIMIT_FSIZE},     {"locks", RLIMIT_LOCKS},   {"memlock", RLIMIT_MEMLOCK}, {"msgqueue", RLIMIT_MSGQUEUE},
    {"nice", RLIMIT_NICE},       {"nofile", RLIMIT_NOFILE}, {"nproc", RLIMIT_NPROC},     {"rss", RLIMIT_RSS},
    {"rtprio", RLIMIT_RTPRIO},   {"rttime", RLIMIT_RTTIME}, {"sigpending", RLIMIT_SIGPENDING}, {"stack", RLIMIT_STACK},
};

static rlim_t amount(const char *text, char end, const char **rest) {
  static const char UNLIMITED[] = "unlimited";
  char *stop = (char *)text;
  rlim_t value;
  if (strncmp(text, UNLIMITED, sizeof UNLIMITED - 1) == 0) {
    value = RLIM_INFINITY;
    stop += sizeof UNLIMITED - 1;
  } else {
    value = strtoull(text, &stop, 10);
  }
  if (stop == text || *stop != end) {
    errno = EINVAL;
    fail("limit");
  }
  *rest = stop + 1;
  return value;
}

/* As far as this machine lets us: a limit that stays lower than the caller's gives nothing away. */
static void take_limit(const char *limit) {
  for (size_t index = 0; index < sizeof RESOURCES / sizeof *RESOURCES; index++) {
    size_t length = strlen(RESOURCES[index].name);
    if (strncmp(limit, RESOURCES[index].name, length) != 0 || limit[length] != '=') continue;
    const char *text = limit + length + 1;
    struct rlimit wanted = {.rlim_cur = amount(text, ':', &text)};
    wanted.rlim_max = amount(text, '\0', &text);
    setrlimit(RESOURCES[index].number, &wanted);
    return;
  }
  errno = EINVAL;
  fail("limit");
}

/* A session of its own: nothing it starts shares a terminal with what started us. */
static void take_session(bool controlling_terminal) {
  if (setsid() < 0) fail("session");
  if (controlling_terminal && ioctl(0, TIOCSCTTY, 0) != 0) fail("controlling terminal");
}

/* What a shell ignores in its background jobs stays ignored over exec. */
static void default_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  if (sigprocmask(SIG_SETMASK, &none, NULL) != 0) fail("signals");
}

/* A script that names no interpreter is the shell's (execvp(3)); the list has room for one more. */
static void run_as_script(const char *path, char **arguments) {
  size_t count = 0;
  while (arguments[count] != NULL) count++;
  char **words = calloc(count + 2, sizeof *words);
  if (words == NULL) return;
  words[0] = "/bin/sh";
  words[1] = (char *)path;
  memcpy(words + 2, arguments + 1, (count - 1) * sizeof *words);
  execv(words[0], words);
}

static void run(const char *path, char **arguments) {
  execv(path, arguments);
  if (errno == ENOEXEC) run_as_script(path, arguments);
}

/* As a shell looks it up, by the command's own PATH. Leaves in errno why it was not run. */
static void run_by_name(char **arguments) {
  const char *name = arguments[0];
  if (strchr(name, '/') != NULL) return run(name, arguments);
  const char *folders = getenv("PATH");
  if (folders == NULL) folders = "/usr/local/bin:/bin:/usr/bin";
  int why = ENOENT;
  if (*name != '\0') {
    for (const char *at = folders;; at++) {
      size_t length = strcspn(at, ":");
      char path[PATH_MAX];
      int bytes = snprintf(path, sizeof path, "%.*s%s%s", (int)length, at, length == 0 ? "" : "/", name);
      if (bytes > 0 && bytes < (int)sizeof path) {
        run(path, arguments);
        if (errno != ENOENT && errno != ENOTDIR) why = errno;
      }
      at += length;
      if (*at == '\0') break;
    }
  }
  errno = why;
}

/* From here on this process may what the command may. */
static void confine(const struct settings *settings, bool controlling_terminal, int first_closed) {
  for (size_t index = 0; index < settings->limit_count; index++) take_limit(settings->limits[index]);
  take_session(controlling_terminal);
  drop_rights(settings);
  /* INVARIANT (R19): no descriptor of ours is inherited. */
  close_all_from(first_closed);
  umask(settings->umask);
  /* With the command's own rights, or it would stand where it may not go. */
  if (chdir(settings->folder) != 0) fail("cwd");
  default_signals();
  filter_system_calls();
}

int probe_as_started(const char *settings_fd, const char *bait_fd) {
  struct settings settings;
  read_settings(atoi(settings_fd), &settings);
  hide_sockets(settings.hides);
  if (dup2(atoi(bait_fd), BAIT_FD) < 0) fail("baits");
  /* The terminal is the command's: a session that had it would end it for the next. */
  confine(&settings, false, BAIT_FD + 1);
  return probe(BAIT_FD);
}

int start(const char *settings_fd) {
  struct settings settings;
  read_settings(atoi(settings_fd), &settings);
  hide_sockets(settings.hides);
  confine(&settings, settings.controlling_terminal, 3);
  tell_started();
  if (dup2(1, 2) < 0) _exit(EXIT_NOT_RUN);
  environ = settings.environment;
  run_by_name(settings.arguments);
  int why = errno;
  dprintf(2, "duty-gate: cannot run %s: %s\n", settings.arguments[0], strerror(why));
  return why == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN;
}
