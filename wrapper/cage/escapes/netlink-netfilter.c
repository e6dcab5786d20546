#include "escape.h"

#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  struct {
    struct nlmsghdr header;
    struct nfgenmsg filter;
  } request = {.header = {.nlmsg_len = sizeof request, .nlmsg_type = (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETTABLE, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK}};
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (fd < 0) return held_by("socket", errno);
  if (send(fd, &request, sizeof request, 0) < 0) return held_by("send", errno);
  struct {
    struct nlmsghdr header;
    int error;
    char rest[1024];
  } answer;
  if (recv(fd, &answer, sizeof answer, 0) < (ssize_t)sizeof answer.header) return held_by("recv", errno);
  if (answer.header.nlmsg_type != NLMSG_ERROR) return opened("an answer");
  errno = -answer.error;
  return of_rights("NFT_MSG_GETTABLE", -1);
}

const struct escape escape_netlink_netfilter = {
    .name = "netlink-netfilter",
    .class = "netlink",
    .reason = "the packet filter's tables",
    .may_be_missing = true,
    .attempt = attempt,
};
