/* SPDX-License-Identifier: BSD-2-Clause */

/* Limits on segments of Linux that are changed while there are segments, in an IPC namespace of the case's own. */

#include "case.h"
#include "ipc_namespace.h"
#include "process.h"
#include "segment.h"

INTERFACE(limits, NEEDS_SEGMENTS, NEEDS_IPC_LIMITS)

static int
create(size_t size)
{
	return shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
}

static void
go_around_shmmax(__attribute__((unused)) void *arg)
{
	size_t largest = 2 * page_size();

	enter_new_ipc_namespace();
	key_t key = segment_key();
	for (int i = 0; i < 3; i++, largest += page_size()) {
		ipc_limit_set("shmmax", largest);
		int below = create(largest - 1);
		CHECK_NE(-1, below);
		CHECK_EQ(largest - 1, segment_stat(below).shm_segsz);
		CHECK_NE(-1, create(largest));
		CHECK_FAILS(EINVAL, -1, shmget(key, largest + 1, IPC_CREAT | IPC_EXCL | 0600));
	}
	CHECK_NE(
	    -1, shmget(key, largest - page_size(), IPC_CREAT | IPC_EXCL | 0600)); /* nothing is left of the failures */
}

CASE(shmmax_boundary__moved, SHALL,
    "Whatever shmmax is set to, a size up to it is accepted and one byte more fails with EINVAL",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)")
{
	in_child(go_around_shmmax, NULL);
}

static void
lower_shmmni(__attribute__((unused)) void *arg)
{
	int id[4];

	enter_new_ipc_namespace();
	for (size_t i = 0; i < nitems(id); i++)
		id[i] = create(page_size());
	char *p = segment_attach(id[3], NULL, 0);

	ipc_limit_set("shmmni", 2);

	CHECK_FAILS(ENOSPC, -1, create(1));
	for (size_t i = 0; i < nitems(id); i++)
		*(char *)segment_attach(id[i], NULL, 0) = 'a';
	CHECK_EQ('a', *p);
	CHECK_EQ(2, segment_stat(id[3]).shm_nattch);
	for (size_t i = 0; i < nitems(id); i++) {
		segment_detach(i == 3 ? p : segment_attach(id[i], NULL, SHM_RDONLY));
		CHECK_EQ('a', *(char *)segment_attach(id[i], NULL, SHM_RDONLY));
	}
}

CASE(shmmni_lowered_keeps_existing, DOCUMENTED,
    "Lowering shmmni below the number of segments destroys none, and a new one fails with ENOSPC", "Linux proc(5)",
    "Linux shmget(2)")
{
	in_child(lower_shmmni, NULL);
}

static void
remove_down_to_shmmni(__attribute__((unused)) void *arg)
{
	int id[4];

	enter_new_ipc_namespace();
	for (size_t i = 0; i < nitems(id); i++)
		id[i] = create(page_size());
	ipc_limit_set("shmmni", 2);

	for (size_t i = 0; i < 3; i++) {
		CHECK_FAILS(ENOSPC, -1, create(page_size()));
		segment_remove(id[i]);
	}
	CHECK_NE(-1, create(page_size()));
	CHECK_FAILS(ENOSPC, -1, create(page_size()));
	ipc_limit_set("shmmni", 3);
	CHECK_NE(-1, create(page_size()));
	CHECK_FAILS(ENOSPC, -1, create(page_size()));
}

CASE(shmmni_boundary__lowered, SHALL,
    "With a lowered shmmni a new segment fails with ENOSPC until there are fewer segments than shmmni",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)")
{
	in_child(remove_down_to_shmmni, NULL);
}

static void
lower_shmall(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	int id = create(4 * page_size());
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 2 * page_size());

	ipc_limit_set("shmall", 2);

	CHECK_FAILS(ENOSPC, -1, create(1));
	pattern_store(2, p, 4 * page_size()); /* pages that nobody had touched are there too */
	CHECK_PATTERN(2, segment_attach(id, NULL, SHM_RDONLY), 4 * page_size());
	CHECK_EQ(4 * page_size(), segment_stat(id).shm_segsz);
	ipc_limit_set("shmall", 5);
	CHECK_NE(-1, create(page_size()));
	CHECK_FAILS(ENOSPC, -1, create(1));
}

CASE(shmall_lowered_keeps_existing, DOCUMENTED,
    "Lowering shmall below the pages in use destroys no segment, and a new one fails with ENOSPC until it is raised",
    "Linux proc(5)", "Linux shmget(2)")
{
	in_child(lower_shmall, NULL);
}

static void
attach_often(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	ipc_limit_set("shmmni", 2);
	ipc_limit_set("shmall", 2);
	int id = create(2 * page_size());
	char *p = NULL;

	for (int i = 0; i < 40; i++) {
		p = shmat(id, NULL, i % 2 == 0 ? 0 : SHM_RDONLY);
		REQUIRE(p != (void *)-1);
		if (i == 0)
			p[2 * page_size() - 1] = 'a';
	}
	CHECK_EQ('a', p[2 * page_size() - 1]);
	CHECK_EQ(40, segment_stat(id).shm_nattch);
}

CASE(shmseg_unlimited, DOCUMENTED,
    "A process can attach a segment more than SHMMNI times: the attachments of a process have no limit of their own",
    "Linux shmop(2)", "Linux shmget(2)")
{
	in_child(attach_often, NULL);
}

static void
set_limits_to_zero(__attribute__((unused)) void *arg)
{
	static const struct {
		const char *limit;
		int error;
	} rows[] = { { "shmmax", EINVAL }, { "shmall", ENOSPC }, { "shmmni", ENOSPC } };

	enter_new_ipc_namespace();
	key_t key = segment_key();
	int existing = shmget(key, page_size(), IPC_CREAT | 0600);
	for (size_t i = 0; i < nitems(rows); i++) {
		unsigned long before = ipc_limit(rows[i].limit);

		ipc_limit_set(rows[i].limit, 0);
		CHECK_FAILS(rows[i].error, -1, create(1));
		CHECK_EQ(existing, shmget(key, page_size(), 0));
		ipc_limit_set(rows[i].limit, before);
		CHECK_NE(-1, create(1));
	}
}

CASE(zero_admits_none, DOCUMENTED,
    "With a limit of 0 a new segment fails: with EINVAL for shmmax, with ENOSPC for shmall and shmmni", "Linux proc(5)",
    "Linux shmget(2)")
{
	in_child(set_limits_to_zero, NULL);
}
