#include "syscalls.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "status.h"

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#else
#error "no such runner"
#endif

/* Newer than some headers; the numbers are the same on every architecture since 424 (Documentation/process/adding-syscalls). */
enum {
  NR_IO_URING_SETUP = 425,
  NR_IO_URING_ENTER = 426,
  NR_IO_URING_REGISTER = 427,
  NR_OPEN_TREE = 428,
  NR_MOVE_MOUNT = 429,
  NR_FSOPEN = 430,
  NR_FSCONFIG = 431,
  NR_FSMOUNT = 432,
  NR_FSPICK = 433,
  NR_CLONE3 = 435,
  NR_MOUNT_SETATTR = 442,
  NR_QUOTACTL_FD = 443,
  NR_OPEN_TREE_ATTR = 467,
};

/* Beyond it: x86-64's other ABI, which reaches the same calls by other numbers. No architecture has as many. */
enum { NR_MAX = 0x3fffffff };

enum { NEW_TIME = 0x80 };
static const uint32_t NEW_NAMESPACES = (uint32_t)(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET);

/* What puts words into the input of a terminal, and commands the console (ioctl_tty(2), ioctl_console(2)). */
enum { PUSH_INPUT = 0x5412, CONSOLE = 0x541c };

enum { NETLINK_OF_ROUTES = 0, NETLINK_OF_SOCKETS = 4, NETLINK_OF_DEVICES = 15 };

struct refused {
  int number;
  int error;
};

/* What a program that meets ENOSYS does is what it does on an older kernel; EPERM is what it meets without the right. */
static const struct refused REFUSED[] = {
    /* Does what other calls do, and this filter does not see it. */
    {NR_IO_URING_SETUP, ENOSYS},
    {NR_IO_URING_ENTER, ENOSYS},
    {NR_IO_URING_REGISTER, ENOSYS},
    /* Its flags are in memory, where they could change after we looked; every C library then takes clone. */
    {NR_CLONE3, ENOSYS},
    /* Namespaces and mounts. */
    {SYS_setns, EPERM},
    {SYS_mount, EPERM},
    {SYS_umount2, EPERM},
    {SYS_pivot_root, EPERM},
    {NR_OPEN_TREE, EPERM},
    {NR_OPEN_TREE_ATTR, EPERM},
    {NR_MOVE_MOUNT, EPERM},
    {NR_FSOPEN, EPERM},
    {NR_FSCONFIG, EPERM},
    {NR_FSMOUNT, EPERM},
    {NR_FSPICK, EPERM},
    {NR_MOUNT_SETATTR, EPERM},
    {SYS_open_by_handle_at, EPERM},
    /* Keys are not kept apart by namespaces: the session's would be whoever's started us. */
    {SYS_add_key, EPERM},
    {SYS_request_key, EPERM},
    {SYS_keyctl, EPERM},
    /* The kernel itself. */
    {SYS_bpf, EPERM},
    {SYS_perf_event_open, EPERM},
    {SYS_userfaultfd, EPERM},
    {SYS_syslog, EPERM},
    {SYS_init_module, EPERM},
    {SYS_finit_module, EPERM},
    {SYS_delete_module, EPERM},
    {SYS_kexec_load, EPERM},
    {SYS_kexec_file_load, EPERM},
    {SYS_reboot, EPERM},
    {SYS_swapon, EPERM},
    {SYS_swapoff, EPERM},
    {SYS_acct, EPERM},
    {SYS_quotactl, EPERM},
    {NR_QUOTACTL_FD, EPERM},
    {SYS_settimeofday, EPERM},
    {SYS_clock_settime, EPERM},
#ifdef SYS_iopl
    {SYS_iopl, EPERM},
    {SYS_ioperm, EPERM},
#endif
};

enum { REFUSED_COUNT = sizeof REFUSED / sizeof *REFUSED, PROGRAM_MAX = 2 * REFUSED_COUNT + 96 };

struct program {
  struct sock_filter code[PROGRAM_MAX];
  unsigned short length;
};

static void add(struct program *program, uint16_t code, uint32_t k, uint8_t if_true, uint8_t if_false) {
  if (program->length == PROGRAM_MAX) {
    errno = E2BIG;
    fail("system call filter");
  }
  program->code[program->length++] = (struct sock_filter){code, if_true, if_false, k};
}

static void answer(struct program *program, int error) {
  add(program, BPF_RET | BPF_K, error == 0 ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | (uint32_t)error, 0, 0);
}

static void load(struct program *program, size_t offset) {
  add(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* Arguments that the kernel reads as int have their meaning in the low half. Both architectures are little-endian. */
static void load_argument(struct program *program, int index) {
  load(program, offsetof(struct seccomp_data, args) + (size_t)index * sizeof(uint64_t));
}

static void refuse_unless_equal(struct program *program, uint32_t value, int error) {
  add(program, BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
  answer(program, error);
}

static void refuse_if_equal(struct program *program, uint32_t value, int error) {
  add(program, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
  answer(program, error);
}

/* Passes over the next `count` instructions unless it is this call; those must end in an answer. */
static unsigned short begin_call(struct program *program, int number) {
  load(program, offsetof(struct seccomp_data, nr));
  add(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 0);
  return (unsigned short)(program->length - 1);
}

static void end_call(struct program *program, unsigned short begun) {
  program->code[begun].jf = (uint8_t)(program->length - begun - 1);
}

static void allow_if_equal(struct program *program, uint32_t value) {
  add(program, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
  answer(program, 0);
}

/* Internet and Unix sockets, which namespaces and mounts keep apart; of netlink what asks for addresses, sockets, devices. */
static void filter_sockets(struct program *program) {
  unsigned short call = begin_call(program, SYS_socket);
  load_argument(program, 0);
  allow_if_equal(program, AF_UNIX);
  allow_if_equal(program, AF_INET);
  allow_if_equal(program, AF_INET6);
  refuse_unless_equal(program, AF_NETLINK, EAFNOSUPPORT);
  load_argument(program, 2);
  allow_if_equal(program, NETLINK_OF_ROUTES);
  allow_if_equal(program, NETLINK_OF_SOCKETS);
  allow_if_equal(program, NETLINK_OF_DEVICES);
  answer(program, EPROTONOSUPPORT);
  end_call(program, call);

  call = begin_call(program, SYS_socketpair);
  load_argument(program, 0);
  refuse_unless_equal(program, AF_UNIX, EAFNOSUPPORT);
  answer(program, 0);
  end_call(program, call);
}

static void filter_namespaces(struct program *program) {
  unsigned short call = begin_call(program, SYS_clone);
  load_argument(program, 0);
  add(program, BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES, 0, 1);
  answer(program, EPERM);
  answer(program, 0);
  end_call(program, call);

  call = begin_call(program, SYS_unshare);
  load_argument(program, 0);
  add(program, BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES | NEW_TIME, 0, 1);
  answer(program, EPERM);
  answer(program, 0);
  end_call(program, call);
}

static void filter_terminals(struct program *program) {
  unsigned short call = begin_call(program, SYS_ioctl);
  load_argument(program, 1);
  refuse_if_equal(program, PUSH_INPUT, EPERM);
  refuse_if_equal(program, CONSOLE, EPERM);
  answer(program, 0);
  end_call(program, call);
}

void filter_system_calls(void) {
  struct program program = {.length = 0};
  /* Another architecture's calls (32 bit) have numbers and ways of their own: one of them multiplexes sockets. */
  load(&program, offsetof(struct seccomp_data, arch));
  refuse_unless_equal(&program, NATIVE_ARCH, ENOSYS);
  load(&program, offsetof(struct seccomp_data, nr));
  add(&program, BPF_JMP | BPF_JGT | BPF_K, NR_MAX, 0, 1);
  answer(&program, ENOSYS);
  for (int index = 0; index < REFUSED_COUNT; index++) refuse_if_equal(&program, (uint32_t)REFUSED[index].number, REFUSED[index].error);
  filter_sockets(&program);
  filter_namespaces(&program);
  filter_terminals(&program);
  answer(&program, 0);
  struct sock_fprog filter = {.len = program.length, .filter = program.code};
  /* SPEC_ALLOW: this filter guards the kernel, it hides no secret of one part of a process from another. */
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &filter) != 0) fail("system call filter");
}
