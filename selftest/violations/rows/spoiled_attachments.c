/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls that damage what attached segments hold. */

#include <sys/mman.h>
#include <sys/shm.h>

#include "effects.h"
#include "known.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

/* More take too long. */
enum { MAPPINGS_LOOKED_AT = 1000 };

static bool
has_attachments(void)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count && count <= MAPPINGS_LOOKED_AT; i++)
		if (ranges[i].id != -1)
			return true;
	return false;
}

static void
make_and_spoil_when_it_fails(struct call *c)
{
	real_call(c);
	if (c->error != 0)
		spoil_attachments();
}

VIOLATION(shmat_spoils_attachments, "shmat.remap-replaces", "-", SHMAT, CHANGES(has_attachments(), spoil_attachments()))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	*p = 1;
	segment_attach(id, NULL, 0);
	return *p == SPOILED;
}

VIOLATION(shmdt_spoils_attachments, "shmdt.one-of-many", "-", SHMDT, FALSIFIES(has_attachments(), spoil_attachments()))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	*p = 1;
	segment_detach(segment_attach(id, NULL, 0));
	return *p == SPOILED;
}

VIOLATION(failed_shmdt_spoils_attachments, "shmdt.failure-changes-nothing", "-", SHMDT,
    REPLACES(has_attachments(), make_and_spoil_when_it_fails(c)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	*p = 1;
	shmdt(p + 1);
	return *p == SPOILED;
}

VIOLATION(shmctl_set_spoils_attachments, "shmctl.set-ignores-other-members", "-", SHMCTL,
    FALSIFIES(c->command == IPC_SET && has_attachments(), spoil_attachments()))
{
	int id = segment_create(1);
	struct shmid_ds status = segment_stat(id);
	char *p = segment_attach(id, NULL, 0);

	*p = 1;
	shmctl(id, IPC_SET, &status);
	return *p == SPOILED;
}

#ifdef __linux__

#endif

VIOLATION(shmget_spoils_attachments, "shmget.removed-but-attached-key-free", "-", SHMGET,
    CHANGES(has_attachments(), spoil_attachments()))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	*p = 1;
	segment_create(1);
	return *p == SPOILED;
}

VIOLATION(wait_spoils_attachments, "shm_process.fork-shares-writes", "-", WAITPID,
    FALSIFIES(c->result > 0, spoil_last_bytes_of_attachments()))
{
	int id = segment_create(page_size());
	char *p = segment_attach(id, NULL, 0);

	p[page_size() - 1] = 1;
	if (fork() == 0)
		_exit(0);
	waitpid(-1, NULL, 0);
	return p[page_size() - 1] == SPOILED;
}

VIOLATION(mmap_spoils_attachments, "shmat.fixed-mapping-over-part", "-", MMAP,
    FALSIFIES(has_attachments(), spoil_attachments()))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	*p = 1;
	map_anonymous(page_size(), MAP_SHARED);
	return *p == SPOILED;
}
