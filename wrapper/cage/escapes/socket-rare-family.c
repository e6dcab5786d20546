#include "escape.h"

#include <errno.h>
#include <sys/socket.h>

/* Of linux/socket.h; libc's headers lack the newer ones. */
enum { FAMILY_QIPCRTR = 42 };
enum { FAMILY_SMC = 43 };
enum { FAMILY_XDP = 44 };
enum { FAMILY_MCTP = 45 };

static const int FAMILIES[] = {AF_AX25, AF_IPX, AF_APPLETALK, AF_X25, AF_KEY, AF_RDS, AF_LLC, AF_CAN, AF_TIPC, AF_BLUETOOTH,
                               AF_RXRPC, AF_PHONET, AF_CAIF, AF_NFC, AF_KCM, FAMILY_QIPCRTR, FAMILY_SMC, FAMILY_XDP, FAMILY_MCTP};
static const int TYPES[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_RAW};

static enum verdict attempt(const char *bait) {
  (void)bait;
  /* Outside, asking for a family loads its module. */
  if (is_outside()) return held("not tried outside");
  int error = EAFNOSUPPORT;
  for (size_t family = 0; family < sizeof FAMILIES / sizeof *FAMILIES; family++) {
    for (size_t type = 0; type < sizeof TYPES / sizeof *TYPES; type++) {
      if (socket(FAMILIES[family], TYPES[type] | SOCK_CLOEXEC, 0) >= 0) return opened("socket");
      /* One that is forbidden is there: it says more than one that is not. */
      if (errno == EPERM || errno == EACCES) error = errno;
    }
  }
  return held_by("socket", error);
}

const struct escape escape_socket_rare_family = {
    .name = "socket-rare-family",
    .class = "other sockets",
    .reason = "families that no network namespace divides, or that nobody guards",
    .attempt = attempt,
};
