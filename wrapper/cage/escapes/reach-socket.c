#include "escape.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ADDRESS_CHARS_MAX = 64 };
/* Outside, what does not answer in that time counts as not there: the kernel connects at once, a resolver may ask another. */
enum { CONNECTS_WITHIN_MS = 25, ANSWERS_WITHIN_MS = 250 };
/* Inside, the kernel says no at once; what is silent for so long proves nothing. */
enum { INSIDE_WITHIN_MS = 500 };

static bool parse_address(const char *text, struct sockaddr_storage *address, socklen_t *length) {
  char host[ADDRESS_CHARS_MAX];
  const char *space = strchr(text, ' ');
  if (space == NULL || (size_t)(space - text) >= sizeof host) return false;
  memcpy(host, text, (size_t)(space - text));
  host[space - text] = '\0';
  in_port_t port = htons((in_port_t)atoi(space + 1));
  memset(address, 0, sizeof *address);
  struct sockaddr_in *v4 = (struct sockaddr_in *)address;
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;
  if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = port;
    *length = sizeof *v4;
    return true;
  }
  if (inet_pton(AF_INET6, host, &v6->sin6_addr) != 1) return false;
  v6->sin6_family = AF_INET6;
  v6->sin6_port = port;
  *length = sizeof *v6;
  return true;
}

/* Whether the descriptor is ready in time; `*verdict` says so when it is not. */
static bool wait_for(int fd, short events, int outside_ms, enum verdict *verdict) {
  struct pollfd ready = {.fd = fd, .events = events};
  if (poll(&ready, 1, is_outside() ? outside_ms : INSIDE_WITHIN_MS) == 1) return true;
  *verdict = is_outside() ? held_by("poll", ETIMEDOUT) : late("neither yes nor no");
  return false;
}

/* Only the cookie proves it: inside, a socket of the cage's own may have the same address. */
static enum verdict read_cookie(int fd) {
  const char *cookie = bait_value("cookie", 0);
  char answer[256];
  enum verdict verdict;
  if (!wait_for(fd, POLLIN, ANSWERS_WITHIN_MS, &verdict)) return verdict;
  ssize_t got = recv(fd, answer, sizeof answer, 0);
  if (got < 0) return held_by("recv", errno);
  bool is_ours = cookie != NULL && (size_t)got >= strlen(cookie) && memcmp(answer, cookie, strlen(cookie)) == 0;
  return is_ours ? opened("the cookie was read") : held("somebody else answers");
}

static int no_descriptor(const char *call, int error) {
  held_by(call, error);
  return -1;
}

/* A connected descriptor; -1 when `*verdict` says it all. */
static int connect_tcp(const char *text, enum verdict *verdict) {
  struct sockaddr_storage address;
  socklen_t length;
  *verdict = HELD;
  if (!parse_address(text, &address, &length)) return no_descriptor("address", EINVAL);
  int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return no_descriptor("socket", errno);
  if (connect(fd, (struct sockaddr *)&address, length) == 0) return fd;
  if (errno != EINPROGRESS) return no_descriptor("connect", errno);
  if (!wait_for(fd, POLLOUT, CONNECTS_WITHIN_MS, verdict)) return -1;
  int error = 0;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof error});
  return error == 0 ? fd : no_descriptor("connect", error);
}

enum verdict reach_tcp(const char *address) {
  enum verdict verdict;
  int fd = connect_tcp(address, &verdict);
  return fd < 0 ? verdict : read_cookie(fd);
}

enum verdict reach_metadata(const char *address) {
  enum verdict verdict;
  int fd = connect_tcp(address, &verdict);
  return fd < 0 ? verdict : opened("connect");
}

int ask_udp(const char *text, const void *question, size_t size, enum verdict *verdict) {
  struct sockaddr_storage address;
  socklen_t length;
  *verdict = HELD;
  if (!parse_address(text, &address, &length)) return no_descriptor("address", EINVAL);
  int fd = socket(address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) held_by("socket", errno);
  else if (connect(fd, (struct sockaddr *)&address, length) < 0) held_by("connect", errno);
  else if (send(fd, question, size, 0) < 0) held_by("send", errno);
  else if (wait_for(fd, POLLIN, ANSWERS_WITHIN_MS, verdict)) return fd;
  return -1;
}

enum verdict reach_udp(const char *address) {
  enum verdict verdict;
  int fd = ask_udp(address, "?", 1, &verdict);
  return fd < 0 ? verdict : read_cookie(fd);
}

/* A connected descriptor, or -1. */
static int connect_unix(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t length = strlen(path);
  if (length >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (path[0] == '@' ? 0 : 1));
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (connect(fd, (struct sockaddr *)&address, size) == 0) return fd;
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

enum verdict reach_service(const char *path) {
  return of_call("connect", connect_unix(path));
}

enum verdict reach_unix(const char *path) {
  int fd = connect_unix(path);
  return fd < 0 ? held_by("connect", errno) : read_cookie(fd);
}
