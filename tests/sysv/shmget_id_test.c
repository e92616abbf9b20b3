/* SPDX-License-Identifier: BSD-2-Clause */

/* The identifiers of System V segments. */

#include <unistd.h>

#include "case.h"
#include "ipc_namespace.h"
#include "process.h"
#include "segment.h"

INTERFACE(shmget, NEEDS_SEGMENTS)

static void
check_identifiers(int lowest, int count)
{
	key_t key = segment_key();

	for (int i = 0; i < count; i++) {
		int id = segment_own(shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600));

		REQUIRE(id != -1);
		CHECK(id >= lowest);
		segment_remove(id);
	}
}

CASE(id_non_negative, SHALL,
    "The identifiers of 300 segments that are created and removed one after the other are not negative",
    "POSIX.1-2017 shmget() RETURN VALUE", "Linux shmget(2)", "illumos shmget(2)")
{
	check_identifiers(0, 300);
}

CASE(id_non_negative__positive, DOCUMENTED, "An identifier is a positive number", "FreeBSD shmget(2)",
    "NetBSD shmget(2)", "OpenBSD shmget(2)", "DragonFly shmget(2)", "macOS shmget(2)")
{
	check_identifiers(1, 3); /* few, as their kernels give zero once in 32768 times */
}

static void
use_first_identifier(void *arg)
{
	(void)arg;
	enter_new_ipc_namespace();

	int id = shmget(IPC_PRIVATE, page_size(), 0600); /* the guardian is outside, and the namespace ends with us */
	CHECK(id >= 0);
	CHECK_EQ(0, segment_stat(id).shm_nattch);
	char *p = shmat(id, NULL, 0);
	REQUIRE(p != (void *)-1);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_BYTES(0, p, page_size());
	CHECK_SUCCEEDS(shmdt(p));
	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
	observed("first-identifier", "%d", id);
}

CASE(id_zero_is_valid, MAY, "The first identifier of a system, which may be zero, works in every call",
    "POSIX.1-2017 shmget() RETURN VALUE", "POSIX.1-2017 XSH 2.7.1 IPC General Description", NEEDS_IPC_NAMESPACE)
{
	guard_segments();
	in_child(use_first_identifier, NULL);
}

CASE(stale_id_after_removal, OBSERVED, "A new segment gets the identifier of the one that was just removed, or another",
    "POSIX.1-2017 shmget() DESCRIPTION")
{
	int old = segment_create(page_size());
	segment_remove(old);

	int new = segment_create(page_size());

	CHECK_EQ(0, segment_stat(new).shm_nattch);
	observed("identifier-reused-at-once", "%s", new == old ? "yes" : "no");
}

CASE(removed_but_attached_key_free, SHALL,
    "IPC_RMID frees the key at once, also while the segment is attached, and the key's next segment is another",
    "POSIX.1-2017 shmget() DESCRIPTION", "POSIX.1-2017 shmctl() IPC_RMID", "Linux shmget(2)",
    COVERS("shmget.key_reuse_after_rmid"))
{
	key_t key = segment_key();
	int old = segment_create_with_key(key, 3 * page_size(), 0600);
	char *p = segment_attach(old, NULL, 0);
	pattern_store(1, p, 3 * page_size());
	segment_remove(old);

	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	int new = segment_own(shmget(key, 3 * page_size(), IPC_CREAT | IPC_EXCL | 0600));

	REQUIRE(new != -1);
	CHECK_NE(old, new);
	CHECK_EQ(new, shmget(key, 0, 0));
	char *q = segment_attach(new, NULL, 0);
	CHECK_BYTES(0, q, 3 * page_size());
	pattern_store(2, q, 3 * page_size());
	CHECK_PATTERN(1, p, 3 * page_size());
}

/* In a namespace that is nobody else's, where the key can be a fixed one. */
static void
use_key_minus_one(__attribute__((unused)) void *arg)
{
	key_t key = 0;

	enter_new_ipc_namespace();
	CHECK_FAILS(ENOENT, -1, shmget(-1, 0, 0));
	int id = shmget(-1, page_size(), IPC_CREAT | IPC_EXCL | 0600);
	REQUIRE(id != -1);
	CHECK_EQ(id, shmget(-1, 0, 0));
	CHECK_FAILS(EEXIST, -1, shmget(-1, page_size(), IPC_CREAT | IPC_EXCL | 0600));
	struct shmid_ds status = segment_stat(id);
	if (key_in_status(&status, &key))
		CHECK_EQ(-1, key);
	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
	CHECK_FAILS(ENOENT, -1, shmget(-1, 0, 0));
}

CASE(create_when_absent__key_minus_one, SHALL, "The key -1 names a segment as well as any other",
    "POSIX.1-2017 shmget() DESCRIPTION", NEEDS_IPC_NAMESPACE, COVERS("shmget.negative_key"))
{
	in_child(use_key_minus_one, NULL);
}
