/* SPDX-License-Identifier: BSD-2-Clause */

/* What there is where the explorer runs: whether the system has an interface, and room for all that a round may make. */

#ifndef SHMCHECK_SITE_H
#define SHMCHECK_SITE_H

#include <stdbool.h>

#include "model/world.h"

/* As many segments as a round may have at a time can be made, and stay until they are removed. Limits may be in the way. */
bool site_has_segments(const struct setting *);

/* Objects, and files of the working directory, have the group of who makes them: not where the directory decides. */
bool site_has_groups_of_creators(void);

/* The times of this new file are those of the clock. */
bool site_times_agree(int fd);

/* This user may attach segments whose mode has no bits: with CAP_IPC_OWNER, where that counts. */
bool site_overrides_segments(void);

/* The system has vfork(). */
bool site_has_vfork(void);

/* The system answers calls about objects. */
bool site_has_objects(void);

/* There is room beside this new object or file, which is closed; -1 is none. */
bool site_has_room(int fd, const struct setting *);

/*
 * Bytes that were stored behind the end of this object or file show when it grows: lib/platform/object_place.h, and
 * docs/findings.md.
 */
bool site_tail_stays(int fd);

/* Whether memory can be locked, how much of it, and what tells it. */
void site_find_locks(struct setting *);
/* What is behind the end of this file is no memory, or raises another signal: lib/mapping_deviations.h. */
bool site_end_is_open(int fd);

/* How the system differs from others: model/setting.c. */
void site_find_alternatives(struct setting *);

#endif
