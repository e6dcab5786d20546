#include "escape.h"

#include <errno.h>
#include <stdio.h>

static char detail[96];
static int last_error;

static const struct {
  int number;
  const char *name;
} ERRORS[] = {
    {EPERM, "EPERM"},
    {EACCES, "EACCES"},
    {EROFS, "EROFS"},
    {ENOENT, "ENOENT"},
    {ESRCH, "ESRCH"},
    {ENOSYS, "ENOSYS"},
    {EINVAL, "EINVAL"},
    {ENODEV, "ENODEV"},
    {ENXIO, "ENXIO"},
    {ENOTDIR, "ENOTDIR"},
    {EOPNOTSUPP, "EOPNOTSUPP"},
    {EAFNOSUPPORT, "EAFNOSUPPORT"},
    {EPROTONOSUPPORT, "EPROTONOSUPPORT"},
    {ESOCKTNOSUPPORT, "ESOCKTNOSUPPORT"},
    {EADDRNOTAVAIL, "EADDRNOTAVAIL"},
    {ECONNREFUSED, "ECONNREFUSED"},
    {ECONNRESET, "ECONNRESET"},
    {ENETUNREACH, "ENETUNREACH"},
    {EHOSTUNREACH, "EHOSTUNREACH"},
    {ETIMEDOUT, "ETIMEDOUT"},
    {ENOSPC, "ENOSPC"},
    {EUSERS, "EUSERS"},
    {EAGAIN, "EAGAIN"},
    {EBUSY, "EBUSY"},
    {ENOKEY, "ENOKEY"},
    {EBADF, "EBADF"},
    {ENOTCONN, "ENOTCONN"},
};

enum verdict held(const char *why) {
  last_error = 0;
  snprintf(detail, sizeof detail, "%s", why);
  return HELD;
}

enum verdict held_by(const char *call, int error) {
  last_error = error;
  for (size_t index = 0; index < sizeof ERRORS / sizeof *ERRORS; index++) {
    if (ERRORS[index].number != error) continue;
    snprintf(detail, sizeof detail, "%s %s", call, ERRORS[index].name);
    return HELD;
  }
  snprintf(detail, sizeof detail, "%s errno-%d", call, error);
  return HELD;
}

enum verdict opened(const char *what) {
  last_error = 0;
  snprintf(detail, sizeof detail, "%s", what);
  return OPEN;
}

enum verdict late(const char *why) {
  last_error = 0;
  snprintf(detail, sizeof detail, "%s", why);
  return LATE;
}

enum verdict of_call(const char *call, long result) {
  return result < 0 ? held_by(call, errno) : opened(call);
}

enum verdict of_rights(const char *call, long result) {
  if (result >= 0) return opened(call);
  return errno == EPERM || errno == EACCES || errno == ENOSYS ? held_by(call, errno) : opened(call);
}

const char *outcome_detail(void) {
  return detail;
}

int outcome_error(void) {
  return last_error;
}
