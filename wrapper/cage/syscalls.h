#pragma once

/*
 * Installs the filter on system calls that everything caged lives under, children included. It takes away what neither
 * namespaces nor missing capabilities do: ways to sockets that know no network namespace, to namespaces of one's own, and
 * to those parts of the kernel that are the usual way out. Wants no_new_privs. Fails (status.h).
 */
void filter_system_calls(void);
