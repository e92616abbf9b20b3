/* SPDX-License-Identifier: BSD-2-Clause */

/* The manuals on shmat() and shmdt(), for the sources of cases: what several of them say alike. */

#ifndef SHMCHECK_ATTACH_PAGES_H
#define SHMCHECK_ATTACH_PAGES_H

/* One page with one origin, in three systems. It alone of the BSDs' pages speaks of SHM_RDONLY, EACCES and IPC_RMID. */
#define NETBSD_ATTACH_PAGES "NetBSD shmat(2)", "OpenBSD shmat(2)", "macOS shmat(2)"

/* Another with one origin: the address, and EINVAL. */
#define FREEBSD_ATTACH_PAGES "FreeBSD shmat(2)", "DragonFly shmat(2)"

#define BSD_ATTACH_PAGES FREEBSD_ATTACH_PAGES, NETBSD_ATTACH_PAGES
#define ATTACH_PAGES     "Linux shmop(2)", BSD_ATTACH_PAGES, "illumos shmop(2)"

#endif
