#include "escape.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* All of them together; the wrapper writes a tenth of it. */
enum { SETTINGS_BYTES_MAX = 65536, BAITS_MAX = 256 };

static char settings[SETTINGS_BYTES_MAX];
static struct {
  const char *name;
  const char *value;
} baits[BAITS_MAX];
static size_t count;

/* Records `name=value`, each ended by NUL, to the end of the file. */
bool read_baits(int fd) {
  size_t length = 0;
  for (;;) {
    ssize_t got = read(fd, settings + length, sizeof settings - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    length += (size_t)got;
    if (length == sizeof settings) return false;
  }
  if (length > 0 && settings[length - 1] != '\0') return false;
  for (char *record = settings; record < settings + length; record += strlen(record) + 1) {
    char *equals = strchr(record, '=');
    if (equals == NULL || count == BAITS_MAX) return false;
    /* The name ends here; the next record is found by what follows the value's own end. */
    *equals = '\0';
    baits[count].name = record;
    baits[count].value = equals + 1;
    count++;
    record = equals + 1;
  }
  return true;
}

const char *bait_value(const char *name, size_t n) {
  for (size_t index = 0; index < count; index++) {
    if (strcmp(baits[index].name, name) == 0 && n-- == 0) return baits[index].value;
  }
  return NULL;
}

size_t baits_count(void) {
  return count;
}

const char *bait_name_at(size_t index) {
  return baits[index].name;
}

bool is_outside(void) {
  return bait_value("outside", 0) != NULL;
}
