/* SPDX-License-Identifier: BSD-2-Clause */

#include <stddef.h>

#include "platform/shm.h"

#if defined(__linux__)

bool
key_in_status(const struct shmid_ds *status, key_t *key)
{
	*key = status->shm_perm.__key;
	return true;
}

#elif defined(__FreeBSD__) || defined(__OpenBSD__) || defined(__DragonFly__) || defined(__sun)

bool
key_in_status(const struct shmid_ds *status, key_t *key)
{
	*key = status->shm_perm.key;
	return true;
}

#elif defined(__NetBSD__) || defined(__APPLE__)

bool
key_in_status(const struct shmid_ds *status, key_t *key)
{
	*key = status->shm_perm._key;
	return true;
}

#else

bool
key_in_status(const struct shmid_ds *status, key_t *key)
{
	*key = (key_t)-1;
	return status == NULL;
}

#endif
