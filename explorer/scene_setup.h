/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_SCENE_SETUP_H
#define SHMCHECK_SCENE_SETUP_H

#include <stdbool.h>

#include "scene.h"

/*
 * Draw keys and names that nobody has; the guardian knows them before anything has them. Find out what belongs to them and to
 * the users: what objects, files and modes do here. The setting tells already what interfaces there are.
 */
void scene_prepare(struct scene *);

/*
 * Remove what has the keys and names. Returns false if that did not work: then the guardian has tried, and there are new keys
 * and names.
 */
bool scene_clear(struct scene *);

/* Have another guardian, and new keys and names. */
void scene_renew(struct scene *);

#endif
