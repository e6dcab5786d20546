#include "layers.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

/* proc_pid_mountinfo(5): a space, a tab, a line's end and a backslash stand as three octal digits. */
static void unescape(char *text) {
  char *to = text;
  for (const char *from = text; *from != '\0';) {
    if (from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && from[2] != '\0' && from[3] != '\0') {
      char digits[] = {from[1], from[2], from[3], '\0'};
      *to++ = (char)strtol(digits, NULL, 8);
      from += 4;
    } else {
      *to++ = *from++;
    }
  }
  *to = '\0';
}

static unsigned long flags_of(const char *options) {
  static const struct {
    const char *name;
    unsigned long flag;
  } FLAGS[] = {{"ro", MS_RDONLY}, {"nosuid", MS_NOSUID}, {"nodev", MS_NODEV}, {"noexec", MS_NOEXEC}, {"relatime", MS_RELATIME}, {"noatime", MS_NOATIME}};
  unsigned long flags = MS_REMOUNT;
  for (size_t index = 0; index < sizeof FLAGS / sizeof *FLAGS; index++) {
    size_t length = strlen(FLAGS[index].name);
    for (const char *at = options; (at = strstr(at, FLAGS[index].name)) != NULL; at += length) {
      bool starts = at == options || at[-1] == ',';
      if (starts && (at[length] == ',' || at[length] == '\0')) flags |= FLAGS[index].flag;
    }
  }
  return flags;
}

/* Fields: id, parent, device, root, point, options, any number of others, `-`, type. */
static void refresh(char *line) {
  if (strstr(line, " - overlay ") == NULL) return;
  char *field = line, *point = NULL, *options = NULL;
  for (int number = 0; number < 6 && field != NULL; number++) {
    char *next = strchr(field, ' ');
    if (next != NULL) *next++ = '\0';
    if (number == 4) point = field;
    if (number == 5) options = field;
    field = next;
  }
  if (point == NULL || options == NULL) return;
  unescape(point);
  mount(NULL, point, NULL, flags_of(options), NULL);
}

void refresh_layers(void) {
  FILE *table = fopen("/proc/self/mountinfo", "re");
  char *line = NULL;
  size_t size = 0;
  if (table == NULL) return;
  while (getline(&line, &size, table) > 0) refresh(line);
  free(line);
  fclose(table);
}
