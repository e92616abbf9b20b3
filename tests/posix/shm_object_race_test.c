/* SPDX-License-Identifier: BSD-2-Clause */

/* The size of a POSIX shared memory object changes while other processes size, read and map it. */

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "object.h"
#include "process.h"

INTERFACE(shm_object, NEEDS_OBJECTS)

#define MACOS_ONCE "an object can be given a size once only"
#define MACOS_SIZE "macOS bsd/kern/posix_shm.c pshm_truncate()"

enum { SIZERS = 4, SIZINGS = 40, RESIZES = 200, MOST_RESIZES = 20000, USES = 500, PAGES = 8 };

struct race {
	struct object o;
	atomic_uint arrived[SIZINGS];
	atomic_uint sized[SIZINGS];
	atomic_uint number; /* of the next sizer */
	atomic_uint uses;
	atomic_bool over;
};

/* Each page and one byte more than the last, so that a sum of two requests is none of them. */
static off_t
size_of_request(unsigned number)
{
	return (off_t)((number + 1) * (page_size() + 1));
}

static void
size_at_once(void *race)
{
	struct race *r = race;
	unsigned number = atomic_fetch_add(&r->number, 1);

	for (int i = 0; i < SIZINGS; i++) {
		start_together(&r->arrived[i], SIZERS);
		CHECK_SUCCEEDS(ftruncate(r->o.fd, size_of_request(number)));
		start_together(&r->sized[i], SIZERS);
		off_t size = size_of(r->o.fd);
		CHECK(size == size_of_request(0) || size == size_of_request(1) || size == size_of_request(2) ||
		    size == size_of_request(3));
	}
}

CASE(concurrent_sizes, SHALL,
    "When processes size an object at once, it gets one of these sizes, and its bytes below the smallest stay",
    "POSIX.1-2017 ftruncate() DESCRIPTION", COVERS("ftruncate.shm_race"))
{
	struct race *r = map_anonymous(sizeof(*r), MAP_SHARED);
	struct child sizers[SIZERS];
	r->o = object_create(page_size());
	char *p = map_shared(r->o.fd, page_size());
	pattern_store(1, p, page_size());

	known_defect(MACOS, "", MACOS_ONCE, MACOS_SIZE);
	for (int i = 0; i < SIZERS; i++)
		sizers[i] = child_start(size_at_once, r);
	for (int i = 0; i < SIZERS; i++)
		child_exits(&sizers[i]);

	CHECK_PATTERN(1, p, page_size());
	CHECK_PATTERN(1, map_shared(object_open(&r->o, O_RDWR), page_size()), page_size());
}

/* Until the other process has used the object often. It may have died. */
static bool
goes_on(struct race *r, unsigned resizes)
{
	return !atomic_load(&r->over) &&
	    (resizes < RESIZES || (resizes < MOST_RESIZES && atomic_load(&r->uses) < USES));
}

/* Makes the object shrink to one page and grow again. */
static void
resize_often(struct race *r, struct child *user)
{
	child_goes_on(user);
	for (unsigned i = 0; goes_on(r, i); i++) {
		REQUIRE_SUCCEEDS(ftruncate(r->o.fd, (off_t)page_size()));
		REQUIRE_SUCCEEDS(ftruncate(r->o.fd, (off_t)(PAGES * page_size())));
	}
	atomic_store(&r->over, true);
	child_exits(user);
}

static struct race *
race_create(void)
{
	struct race *r = map_anonymous(sizeof(*r), MAP_SHARED);

	r->o = object_create(PAGES * page_size());
	pattern_store(1, map_shared(r->o.fd, page_size()), page_size());
	return r;
}

static void
store_meanwhile(void *race)
{
	struct race *r = race;
	char *p = map_shared(r->o.fd, PAGES * page_size());

	pause_for_parent();
	for (size_t i = 0; !atomic_load(&r->over); i++) {
		char *at = &p[(1 + i % (PAGES - 1)) * page_size()];
		int signal = fault_of_store(at, 's').signal;
		int other = fault_of_load(at).signal;

		if (signal == SIGSEGV || other == SIGSEGV)
			behind_end_deviates(r->o.fd, (int[]){ signal, other }, 2);
		if (!CHECK(signal == 0 || signal == SIGBUS) || !CHECK(other == 0 || other == SIGBUS))
			break;
		atomic_fetch_add(&r->uses, 1);
	}
	atomic_store(&r->over, true);
}

CASE(size_against_faults, SHALL,
    "While an object shrinks and grows, an access by another "
    "process works or raises SIGBUS, and what was cut off is gone",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION",
    COVERS("ftruncate.fault_deadlock"))
{
	struct race *r = race_create();
	char *p = map_shared(r->o.fd, PAGES * page_size());
	struct child user = child_start(store_meanwhile, r);
	child_reaches_pause(&user);

	known_defect(MACOS, "", MACOS_ONCE, MACOS_SIZE);
	resize_often(r, &user);

	CHECK_PATTERN(1, p, page_size());
	REQUIRE_SUCCEEDS(ftruncate(r->o.fd, (off_t)page_size()));
	REQUIRE_SUCCEEDS(ftruncate(r->o.fd, (off_t)(PAGES * page_size())));
	CHECK_BYTES(0, &p[page_size()], (PAGES - 1) * page_size());
	pattern_store(2, p, PAGES * page_size());
	CHECK_PATTERN(2, map_shared(r->o.fd, PAGES * page_size()), PAGES * page_size());
}

static void
map_meanwhile(void *race)
{
	struct race *r = race;

	pause_for_parent();
	while (!atomic_load(&r->over)) {
		char *p = mmap(NULL, PAGES * page_size(), PROT_READ, MAP_PRIVATE, r->o.fd, 0);
		if (!CHECK_NE(MAP_FAILED, p))
			break;
		fault_of_load(&p[PAGES * page_size() - 1]);
		bool is_kept = CHECK_PATTERN(1, p, page_size());
		unmap(p, PAGES * page_size());
		if (!is_kept)
			break;
		atomic_fetch_add(&r->uses, 1);
	}
	atomic_store(&r->over, true);
}

CASE(size_against_faults__new_mappings, SHALL,
    "While an object shrinks and grows, a mapping that another process makes shows the part that always stays",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION",
    COVERS("ftruncate.fault_deadlock"))
{
	struct race *r = race_create();
	struct child user = child_start(map_meanwhile, r);
	child_reaches_pause(&user);

	known_defect(MACOS, "", MACOS_ONCE, MACOS_SIZE);
	resize_often(r, &user);

	CHECK_EQ(PAGES * page_size(), size_of(r->o.fd));
}

/* What read() may give: the first page, and of the others zeros or what was stored there. */
static void
read_meanwhile(void *race)
{
	struct race *r = race;
	const size_t size = PAGES * page_size();
	char *bytes = map_anonymous(size, MAP_PRIVATE);

	pause_for_parent();
	while (!atomic_load(&r->over)) {
		ssize_t got = pread(r->o.fd, bytes, size, 0);
		if (!CHECK(got >= (ssize_t)page_size()) || !CHECK_PATTERN(1, bytes, page_size()))
			break;
		size_t at = page_size();
		while (at < (size_t)got && (bytes[at] == 0 || bytes[at] == 's'))
			at++;
		if (!CHECK_EQ(got, at))
			break;
		atomic_fetch_add(&r->uses, 1);
	}
	atomic_store(&r->over, true);
}

CASE(size_against_reads, DOCUMENTED,
    "While an object shrinks and grows, read() by another process gives what is stored, zeros behind it, or less",
    "Linux read(2)", "FreeBSD shm_open(2)", COVERS("BS116"))
{
	struct race *r = race_create();
	char *p = map_shared(r->o.fd, PAGES * page_size());
	struct child user = child_start(read_meanwhile, r);
	child_reaches_pause(&user);

	child_goes_on(&user);
	for (unsigned i = 0; goes_on(r, i); i++) {
		REQUIRE_SUCCEEDS(ftruncate(r->o.fd, (off_t)page_size()));
		REQUIRE_SUCCEEDS(ftruncate(r->o.fd, (off_t)(PAGES * page_size())));
		p[(1 + i % (PAGES - 1)) * page_size() + i % page_size()] = 's';
	}
	atomic_store(&r->over, true);

	child_exits(&user);
}
