#include "rights.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "status.h"

enum { CAPABILITY_SETS = 2, MAP_BYTES_MAX = 64 };

static void write_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd) != 0) fail(path);
}

/* The ids seen inside are the caller's own; outside they stay what they were. user_namespaces(7), one line each. */
static void enter_user_namespace(uid_t uid, gid_t gid) {
  char map[MAP_BYTES_MAX];
  uid_t outer_uid = geteuid();
  gid_t outer_gid = getegid();
  if (unshare(CLONE_NEWUSER) != 0) fail("user namespace");
  write_file("/proc/self/setgroups", "deny");
  snprintf(map, sizeof map, "%u %u 1", (unsigned)uid, (unsigned)outer_uid);
  write_file("/proc/self/uid_map", map);
  snprintf(map, sizeof map, "%u %u 1", (unsigned)gid, (unsigned)outer_gid);
  write_file("/proc/self/gid_map", map);
}

/* Before the uid goes: it takes CAP_SETPCAP. uid 0 gets nothing back by exec either, whatever else there is. */
static void close_bounding_set(void) {
  const unsigned long bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
  if (prctl(PR_SET_SECUREBITS, bits) != 0) fail("secure bits");
  for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++) {
    if (prctl(PR_CAPBSET_DROP, capability) != 0) fail("bounding set");
  }
}

static void take_ids(uid_t uid, gid_t gid) {
  /* Group docker would be a way out. */
  if (setgroups(1, &gid) != 0) fail("groups");
  if (setresgid(gid, gid, gid) != 0) fail("gid");
  if (setresuid(uid, uid, uid) != 0) fail("uid");
}

static void drop_capabilities(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[CAPABILITY_SETS] = {{0}};
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) fail("ambient set");
  if (syscall(SYS_capset, &header, none) != 0) fail("capabilities");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("no_new_privs");
}

/* INVARIANT (P8): read back, not believed. */
static void prove(uid_t uid, gid_t gid) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[CAPABILITY_SETS];
  uid_t uids[3];
  gid_t gids[3];
  errno = EPERM;
  if (getresuid(&uids[0], &uids[1], &uids[2]) != 0 || uids[0] != uid || uids[1] != uid || uids[2] != uid) fail("uid");
  if (getresgid(&gids[0], &gids[1], &gids[2]) != 0 || gids[0] != gid || gids[1] != gid || gids[2] != gid) fail("gid");
  if (syscall(SYS_capget, &header, data) != 0) fail("capabilities");
  for (int set = 0; set < CAPABILITY_SETS; set++) {
    if ((data[set].effective | data[set].permitted | data[set].inheritable) != 0) fail("capabilities");
  }
  for (unsigned long capability = 0;; capability++) {
    int held = prctl(PR_CAPBSET_READ, capability);
    if (held < 0) break;
    if (held > 0) fail("bounding set");
  }
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) fail("no_new_privs");
}

void drop_rights(const struct settings *settings) {
  if (settings->own_user_namespace) enter_user_namespace(settings->uid, settings->gid);
  close_bounding_set();
  if (!settings->own_user_namespace) take_ids(settings->uid, settings->gid);
  drop_capabilities();
  prove(settings->uid, settings->gid);
}
