#include "escape.h"

#include <errno.h>
#include <limits.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  struct {
    struct nlmsghdr header;
    struct ifinfomsg link;
  } request = {.header = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_SETLINK, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK}, .link = {.ifi_family = AF_UNSPEC, .ifi_index = INT_MAX}};
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return held_by("socket", errno);
  if (send(fd, &request, sizeof request, 0) < 0) return held_by("send", errno);
  struct {
    struct nlmsghdr header;
    int error;
    char rest[1024];
  } answer;
  if (recv(fd, &answer, sizeof answer, 0) < (ssize_t)sizeof answer.header) return held_by("recv", errno);
  if (answer.header.nlmsg_type != NLMSG_ERROR) return opened("an answer");
  /* There is no such link: rights are looked at first. */
  errno = -answer.error;
  return of_rights("RTM_SETLINK", -1);
}

const struct escape escape_netlink_route_change = {
    .name = "netlink-route-change",
    .class = "netlink",
    .reason = "routes and addresses: a cage that can change them can leave by them",
    .attempt = attempt,
};
