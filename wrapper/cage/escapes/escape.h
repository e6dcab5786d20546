#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What an attempt came to. */
enum verdict {
  HELD,
  OPEN,
  /* There is nothing to reach on this machine: it proves nothing, and is never counted as held. */
  ABSENT,
  /* It did not end in time, or crashed: nothing is proved. */
  LATE,
};

/*
 * One way out of the cage, tried before the command starts (docs/confinement.md).
 *
 * An attempt is harmless where it succeeds: it observes that it could, and changes nothing that outlives its process,
 * which is its own. `absent` is decided from outside, by a bait that is not there or a kernel that has no such thing
 * (probe.c): from inside, "there is none" and "you may not" look the same.
 */
struct escape {
  /* kebab-case, as the file's. */
  const char *name;
  const char *class;
  /* For people: what it would give away. */
  const char *reason;
  /* The bait it goes after; NULL when it needs none. Several attempts may share one. */
  const char *bait;
  /* Something that this kernel or machine may lack, which only a try outside can tell. */
  bool may_be_missing;
  /* `bait` is its value, or NULL when it needs none. */
  enum verdict (*attempt)(const char *bait);
};

/* Ends with NULL (list.c). */
extern const struct escape *const escapes[];

/* outcome.c: the verdict, and what is told of it. */
enum verdict held(const char *why);
enum verdict held_by(const char *call, int error);
enum verdict opened(const char *what);
enum verdict late(const char *why);
/* Open unless `result` is negative; errno then says why. */
enum verdict of_call(const char *call, long result);
/* For a call that looks at rights first: another error than EPERM or EACCES means that rights were enough. */
enum verdict of_rights(const char *call, long result);
const char *outcome_detail(void);
/* Of the last held_by; 0 when held for another reason. */
int outcome_error(void);

/* baits.c */
bool read_baits(int fd);
/* The n-th value of that name, from 0; NULL when there are not so many. */
const char *bait_value(const char *name, size_t n);
size_t baits_count(void);
const char *bait_name_at(size_t index);

/* This is a try on the host, not in a cage. */
bool is_outside(void);

/* reach-socket.c; an address is "ADDRESS PORT". */
enum verdict reach_tcp(const char *address);
enum verdict reach_udp(const char *address);
/* Connects and is content, as reach_service. */
enum verdict reach_metadata(const char *address);
/* A descriptor that has an answer to the question; -1 when `*verdict` says it all. */
int ask_udp(const char *address, const void *question, size_t length, enum verdict *verdict);
/* Connects and is content: for real services, which say nothing of themselves. */
enum verdict reach_service(const char *path);
/* Connects and wants the cookie; `@` begins an abstract name. */
enum verdict reach_unix(const char *path);

/* reach-file.c; a place is "DEVICE INODE PATH" as seen outside: another file at the same path is not it. */
enum verdict reach_to_write(const char *place);
enum verdict reach_folder_to_write(const char *place);
enum verdict open_to_write(const char *path);
/* Opens without reading, to write nothing, and only what is a device. */
enum verdict open_device(const char *path);

/* reach-process.c; a process is "PID START-TIME" as seen outside. */
pid_t process_pid(const char *process);
/* Judges a call that said yes: the number may be another process's in here. */
enum verdict of_process_call(const char *process, const char *call, long result);
/* Whether a file of that process's folder in /proc can be opened. */
enum verdict open_in_process(const char *process, const char *name, int flags);
/* "INODE" of the host's: whether we are still in it. */
enum verdict in_namespace(const char *name, const char *inode);

/* exec-rights.c: whether starting that program gives other ids or any capability. */
enum verdict exec_for_rights(const char *program);

/* inherited.c: descriptors that were open when the probe began and that nobody announced. */
void note_inherited(int bait_fd);
int inherited_descriptor(void);
