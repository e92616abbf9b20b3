/* SPDX-License-Identifier: BSD-2-Clause */

/* POSIX has no <sys/file.h>. */
