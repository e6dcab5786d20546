/*
 * The native part of a cage: what no program of the system does, or not everywhere. It is linked statically, reads
 * nothing of its environment, and is started by the cage's init with its settings in a file that only we have written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aliases.h"
#include "drain.h"
#include "enter.h"
#include "hold.h"
#include "nest.h"
#include "network.h"
#include "probe.h"
#include "sockets.h"
#include "start.h"
#include "uncover.h"

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "start") == 0) return start(argv[2]);
  if (argc == 3 && strcmp(argv[1], "network") == 0) return tell_network(argv[2]);
  if (argc == 2 && strcmp(argv[1], "hold") == 0) return hold();
  if (argc == 4 && strcmp(argv[1], "probe") == 0) return probe_as_started(argv[2], argv[3]);
  if (argc == 3 && strcmp(argv[1], "probe") == 0) return probe(atoi(argv[2]));
  if (argc >= 3 && strcmp(argv[1], "aliases") == 0) return place_aliases(argv + 2);
  if (argc >= 3 && strcmp(argv[1], "uncover") == 0) return uncover(argv + 2);
  if (argc >= 3 && strcmp(argv[1], "close") == 0) return close_for_writing(argv + 2);
  if (argc >= 6 && strcmp(argv[1], "nest") == 0) return nest(argv + 2);
  if (argc == 4 && strcmp(argv[1], "sockets") == 0) return list_sockets(argv + 2);
  if (argc == 2 && strcmp(argv[1], "drain") == 0) return drain();
  if (argc == 2 && strcmp(argv[1], "escapes") == 0) return list_escapes();
  if (argc == 7 && strcmp(argv[1], "enter") == 0) return enter(argv + 2);
  fprintf(stderr, "Cannot run %s: it is part of duty-gate, which starts it, expected nobody else to\n", argc > 0 ? argv[0] : "");
  return 125;
}
