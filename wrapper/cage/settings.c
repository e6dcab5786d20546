#include "settings.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "status.h"

/* The kernel takes a quarter of the stack's limit as arguments and environment, and 8 MiB of stack are usual. */
enum { FILE_BYTES_MAX = 64 * 1024 * 1024 };

static _Noreturn void refuse(const char *what) {
  errno = EINVAL;
  fail(what);
}

static char *read_whole(int fd, size_t *bytes) {
  struct stat status;
  if (fstat(fd, &status) != 0) fail("settings");
  if (!S_ISREG(status.st_mode) || status.st_size <= 0 || status.st_size > FILE_BYTES_MAX) refuse("settings");
  *bytes = (size_t)status.st_size;
  char *text = malloc(*bytes);
  if (text == NULL) fail("settings");
  for (size_t at = 0; at < *bytes;) {
    ssize_t got = read(fd, text + at, *bytes - at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) refuse("settings");
    at += (size_t)got;
  }
  close(fd);
  if (text[*bytes - 1] != '\0') refuse("settings");
  return text;
}

static unsigned long number(const char *text, int base, unsigned long max) {
  char *end;
  errno = 0;
  unsigned long value = strtoul(text, &end, base);
  if (errno != 0 || end == text || *end != '\0' || *text == '-' || value > max) refuse("settings");
  return value;
}

/* The value of `key=value`, or null. */
static char *value_of(char *record, const char *key) {
  size_t length = strlen(key);
  return strncmp(record, key, length) == 0 && record[length] == '=' ? record + length + 1 : NULL;
}

static bool flag(const char *value) {
  return number(value, 10, 1) == 1;
}

static void take(char *record, struct settings *settings, size_t *arguments, size_t *variables) {
  char *value;
  if ((value = value_of(record, "env"))) settings->environment[(*variables)++] = value;
  else if ((value = value_of(record, "arg"))) settings->arguments[(*arguments)++] = value;
  else if ((value = value_of(record, "limit"))) settings->limits[settings->limit_count++] = value;
  else if ((value = value_of(record, "hide"))) settings->hides[settings->hide_count++] = value;
  else if ((value = value_of(record, "uid"))) settings->uid = (uid_t)number(value, 10, UINT32_MAX - 1);
  else if ((value = value_of(record, "gid"))) settings->gid = (gid_t)number(value, 10, UINT32_MAX - 1);
  else if ((value = value_of(record, "user-namespace"))) settings->own_user_namespace = flag(value);
  else if ((value = value_of(record, "terminal"))) settings->controlling_terminal = flag(value);
  else if ((value = value_of(record, "umask"))) settings->umask = (mode_t)number(value, 8, 0777);
  else if ((value = value_of(record, "folder"))) settings->folder = value;
  else refuse("settings");
}

void read_settings(int fd, struct settings *settings) {
  size_t bytes;
  char *text = read_whole(fd, &bytes);
  size_t records = 0;
  for (size_t at = 0; at < bytes; at++) records += text[at] == '\0';
  /* Each list could be all of the records, and ends with a null. */
  char **lists = calloc(4 * (records + 1), sizeof *lists);
  if (lists == NULL) fail("settings");
  *settings = (struct settings){
      .uid = (uid_t)-1,
      .gid = (gid_t)-1,
      .limits = lists,
      .arguments = lists + records + 1,
      .environment = lists + 2 * (records + 1),
      .hides = lists + 3 * (records + 1),
  };
  size_t arguments = 0, variables = 0;
  for (char *record = text; record < text + bytes; record += strlen(record) + 1) take(record, settings, &arguments, &variables);
  bool whole = arguments > 0 && settings->folder != NULL && settings->uid != (uid_t)-1 && settings->gid != (gid_t)-1;
  if (!whole) refuse("settings");
}
