/* SPDX-License-Identifier: BSD-2-Clause */

/* Attaching System V segments: addresses, protection, counting. */

#include "case.h"
#include "clock.h"
#include "fault.h"
#include "process.h"
#include "segment.h"

INTERFACE(shmat)

CASE(null_address_chosen, SHALL, "With a null shmaddr the system picks the address of the attachment",
    "POSIX.1-2017 shmat() DESCRIPTION", "Linux shmop(2)")
{
	int id = segment_create(page_size());

	char *p = segment_attach(id, NULL, 0);

	CHECK_STORE_OK(&p[0]);
	CHECK_STORE_OK(&p[page_size() - 1]);
}

CASE(einval_bad_id__removed, SHALL, "An identifier that names no segment fails with EINVAL",
    "POSIX.1-2017 shmat() ERRORS", "Linux shmop(2)")
{
	int id = segment_create(page_size());
	segment_remove(id);

	CHECK_FAILS_IN(EINVAL, EIDRM, 0, (void *)-1, shmat(id, NULL, 0));
}

CASE(rdonly_write_sigsegv, SHALL,
    "A store through an attachment made with SHM_RDONLY is refused by a fault and changes nothing",
    "POSIX.1-2017 shmat() DESCRIPTION", "FreeBSD shmat(2)")
{
	int id = segment_create(3 * page_size());
	char *rw = segment_attach(id, NULL, 0);
	char *ro = segment_attach(id, NULL, SHM_RDONLY);

	for (size_t at = 0; at < 3 * page_size(); at += page_size()) {
		CHECK_LOAD_OK(&ro[at]);
		CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &ro[at]);
		CHECK_EQ(0, rw[at]);
	}
}

static void
attach_and_store(void *arg)
{
	char *p = segment_attach(*(int *)arg, NULL, 0);
	p[page_size()] = 'c'; /* the second page: nobody has touched it */
}

CASE(nattch_incremented__in_another_process, SHALL,
    "Each attach raises shm_nattch by one, whichever process makes it, and exit lowers it again",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2017 _Exit() DESCRIPTION")
{
	int id = segment_create(2 * page_size());
	char *p = segment_attach(id, NULL, 0);
	struct child c = child_start(attach_and_store, &id);

	child_reaches_end(&c);
	CHECK_EQ(2 + 1, segment_stat(id).shm_nattch); /* ours, the one it inherited, the one it made */
	CHECK_EQ('c', p[page_size()]);

	child_exits(&c);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
}
