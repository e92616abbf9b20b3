/* SPDX-License-Identifier: BSD-2-Clause */

/* Segments and mappings that take each other's place: SHM_REMAP over each kind of memory, MAP_FIXED over a segment. */

#include <stdint.h>

#include "case.h"
#include "existing_memory.h"
#include "fault.h"
#include "file.h"
#include "ipc_deviations.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"

static void
need_remap(void)
{
	need(SHM_REMAP != 0, "needs SHM_REMAP");
}

#define NEEDS_REMAP NEED("SHM_REMAP", .ask = need_remap)

INTERFACE(shmat, NEEDS_SEGMENTS)

CASE_FOR_EACH_EXISTING_MEMORY(remap_replaces, DOCUMENTED,
    "SHM_REMAP replaces the part of existing memory in the segment's "
    "range, and what that shows elsewhere keeps its data",
    "Linux shmop(2)", "FreeBSD 12.1 shmat(2)")
{
	size_t unit = attach_multiple();
	int id = segment_create(2 * unit);
	char *elsewhere = segment_attach(id, NULL, 0);
	pattern_store(1, elsewhere, 2 * unit);
	struct existing_memory old = existing_memory_create(kind, 4 * unit);
	char *base = free_range(4 * unit);
	existing_memory_place(&old, base);

	remap_defect();
	REQUIRE(shmat(id, base + unit, SHM_REMAP) == base + unit);
	CHECK_PATTERN(1, base + unit, 2 * unit);
	REQUIRE(!store_is_refused(base + unit));
	pattern_store(2, base + unit, 2 * unit);
	CHECK_PATTERN(2, elsewhere, 2 * unit);

	CHECK_STAYS_FROM_TO(&old, 0, unit);
	CHECK_STAYS_FROM_TO(&old, 3 * unit, 4 * unit);
	CHECK_SHOWN_ELSEWHERE(&old);
	CHECK_EQ(2, segment_stat(id).shm_nattch);
	CHECK_SUCCEEDS(shmdt(base + unit));
	CHECK_UNMAPPED(base + unit, 2 * unit); /* what was there does not come back */
}

/* A segment of "size" goes where two units, 2 and 3 of 6, are in use. */
static void
remap_at(size_t offset, size_t size)
{
	size_t unit = attach_multiple();
	size_t pages = (size + page_size() - 1) / page_size();
	int id = segment_create(size);
	struct existing_memory old = existing_memory_create(FILE_SHARED, 2 * unit);
	char *base = free_range(6 * unit);
	char *end = base + offset + pages * page_size();
	existing_memory_place(&old, base + 2 * unit);

	CHECK_EQ(base + offset, shmat(id, base + offset, SHM_REMAP));

	for (char *at = base; at < base + 6 * unit; at += page_size())
		if (at >= base + offset && at < end)
			CHECK_BYTES(0, at, page_size());
		else if (at >= old.at && at < old.at + 2 * unit)
			CHECK_STAYS_FROM_TO(&old, (size_t)(at - old.at), (size_t)(at - old.at) + page_size());
		else
			CHECK_UNMAPPED(at, page_size());
	CHECK_SHOWN_ELSEWHERE(&old);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
}

CASE(remap_replaces__overlaps, DOCUMENTED,
    "SHM_REMAP replaces exactly the whole pages of the segment's range, wherever a mapping is in or beside it",
    "Linux shmop(2)", "FreeBSD 12.1 shmat(2)")
{
	size_t unit = attach_multiple();
	const struct {
		size_t offset;
		size_t size;
	} rows[] = {
		{ 0, 2 * unit },        /* right before it */
		{ unit, 2 * unit },     /* over its start */
		{ 2 * unit, 2 * unit }, /* all of it */
		{ 2 * unit, unit },     /* its first unit */
		{ 3 * unit, 2 * unit }, /* over its end */
		{ 4 * unit, 2 * unit }, /* right behind it */
		{ unit, 4 * unit },     /* beyond both its ends */
		{ unit, unit + 1 },     /* its first page, by one byte */
		{ 2 * unit, 1 },
	};

	for (size_t i = 0; i < nitems(rows); i++)
		remap_at(rows[i].offset, rows[i].size);
}

CASE(remap_replaces__several, DOCUMENTED, "SHM_REMAP replaces memory of several kinds at a time in the segment's range",
    "Linux shmop(2)", "FreeBSD 12.1 shmat(2)", NEEDS_OBJECTS)
{
	size_t unit = attach_multiple();
	int id = segment_create((EXISTING_KINDS + 1) * unit);
	struct existing_memory old[EXISTING_KINDS];
	for (int kind = 0; kind < EXISTING_KINDS; kind++)
		old[kind] = existing_memory_create(kind, unit);
	char *base = free_range((EXISTING_KINDS + 1) * unit);
	for (int kind = 0; kind < EXISTING_KINDS; kind++)
		existing_memory_place(&old[kind], base + (size_t)(kind < 3 ? kind : kind + 1) * unit); /* and a hole */

	remap_defect();
	CHECK_EQ(base, shmat(id, base, SHM_REMAP));

	CHECK_BYTES(0, base, (EXISTING_KINDS + 1) * unit);
	REQUIRE(!store_is_refused(base));
	pattern_store(1, base, (EXISTING_KINDS + 1) * unit);
	CHECK_PATTERN(1, segment_attach(id, NULL, SHM_RDONLY), (EXISTING_KINDS + 1) * unit);
	for (int kind = 0; kind < EXISTING_KINDS; kind++)
		CHECK_SHOWN_ELSEWHERE(&old[kind]);
}

CASE(remap_replaces__free_range, DOCUMENTED, "SHM_REMAP attaches where nothing is mapped, also right after a detach",
    "Linux shmop(2)", "FreeBSD 12.1 shmat(2)", COVERS("shmat.remap_free"))
{
	int id = segment_create(3 * page_size());
	pattern_store(1, segment_attach(id, NULL, 0), 3 * page_size());
	char *at = free_range(3 * page_size());

	for (int i = 0; i < 2; i++) {
		CHECK_EQ(at, shmat(id, at, SHM_REMAP));
		CHECK_PATTERN(1, at, 3 * page_size());
		CHECK_EQ(2, segment_stat(id).shm_nattch);
		CHECK_SUCCEEDS(shmdt(at));
	}
	CHECK_UNMAPPED(at, 3 * page_size());
}

CASE(remap_replaces__rounded, DOCUMENTED, "SHM_REMAP with SHM_RND replaces what is at the address rounded down",
    "Linux shmop(2)", "FreeBSD 12.1 shmat(2)")
{
	size_t unit = attach_multiple();
	const size_t offsets[] = { 1, 123, unit - 1 };

	for (size_t i = 0; i < nitems(offsets); i++) {
		int id = segment_create(page_size());
		struct existing_memory old = existing_memory_create(ANONYMOUS_SHARED, 3 * unit);
		char *base = free_range(3 * unit);
		existing_memory_place(&old, base);

		CHECK_EQ(base + unit, shmat(id, base + unit + offsets[i], SHM_RND | SHM_REMAP));
		CHECK_BYTES(0, base + unit, page_size());
		CHECK_STAYS_FROM_TO(&old, 0, unit);
		CHECK_STAYS_FROM_TO(&old, unit + page_size(), 3 * unit);
	}
}

CASE(remap_replaces__same_segment, DOCUMENTED,
    "SHM_REMAP over an attachment of the same segment gives the access of the new flags, with the same data",
    "Linux shmop(2)", "FreeBSD 12.1 shmat(2)")
{
	static const int flags[] = { 0, SHM_RDONLY, 0, 0 };
	size_t size = 2 * page_size();
	int id = segment_create(size);
	char *elsewhere = segment_attach(id, NULL, 0);
	pattern_store(1, elsewhere, size);
	char *at = segment_attach(id, free_range(size), SHM_RDONLY);

	remap_defect();
	for (size_t i = 0; i < nitems(flags); i++) {
		CHECK_EQ(at, shmat(id, at, SHM_REMAP | flags[i]));
		CHECK_PATTERN(1, at, size);
		CHECK_EQ(flags[i] == SHM_RDONLY, store_is_refused(at));
		CHECK_EQ(flags[i] == SHM_RDONLY, store_is_refused(at + page_size()));
	}
	observed(
	    "remap-of-same-segment", "shm_nattch %lu for 2 attachments", (unsigned long)segment_stat(id).shm_nattch);
	REQUIRE(!store_is_refused(at));
	pattern_store(2, at, size);
	CHECK_PATTERN(2, elsewhere, size);
}

struct inheritance {
	struct existing_memory old;
	int id; /* what the child attaches in its place */
};

static void
remap_inherited(void *arg)
{
	const struct inheritance *i = arg;

	CHECK_EQ(i->old.at, shmat(i->id, i->old.at, SHM_REMAP));
	CHECK_BYTES(0, i->old.at, i->old.memory.size);
	REQUIRE(!store_is_refused(i->old.at));
	pattern_store(1, i->old.at, i->old.memory.size);
}

CASE(remap_replaces__in_child, DOCUMENTED,
    "Memory of each kind that a child replaces by SHM_REMAP stays in its place in the parent", "Linux shmop(2)",
    "FreeBSD 12.1 shmat(2)", NEEDS_OBJECTS)
{
	size_t size = 2 * attach_multiple();

	remap_defect();
	for (int kind = 0; kind < EXISTING_KINDS; kind++) {
		struct inheritance i = { existing_memory_create(kind, size), segment_create(size) };
		existing_memory_place(&i.old, free_range(size));

		in_child(remap_inherited, &i);
		CHECK_STAYS(&i.old);
		CHECK_SHOWN_ELSEWHERE(&i.old);
	}
}

CASE(einval_unaligned__with_remap, DOCUMENTED,
    "SHM_REMAP without SHM_RND fails with EINVAL at a shmaddr inside a page, and replaces nothing", "Linux shmop(2)",
    "FreeBSD 12.1 shmat(2)")
{
	size_t unit = attach_multiple();
	int id = segment_create(page_size());
	struct existing_memory old = existing_memory_create(FILE_SHARED, 2 * unit);
	char *base = free_range(2 * unit);
	existing_memory_place(&old, base);

	remap_defect();
	CHECK_FAILS(EINVAL, (void *)-1, shmat(id, base + 1, SHM_REMAP));
	CHECK_FAILS(EINVAL, (void *)-1, shmat(id, base + page_size() - 1, SHM_REMAP));
	CHECK_FAILS(EINVAL, (void *)-1, shmat(id, base + page_size() / 2, SHM_REMAP | SHM_RDONLY));

	CHECK_STAYS(&old);
	CHECK_EQ(0, segment_stat(id).shm_nattch);
}

CASE(remap_failure, OBSERVED, "A failed attach with SHM_REMAP leaves what is at the address, or has unmapped it",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2024 shmat() RETURN VALUE", NEEDS_REMAP)
{
	size_t size = 2 * attach_multiple();
	int removed = segment_create(size);
	int other = segment_create_with_key(segment_key(), size, 0200);
	segment_remove(removed);
	struct existing_memory old = existing_memory_create(SEGMENT, size);
	char *at = free_range(size);
	existing_memory_place(&old, at);

	CHECK_FAILS(EINVAL, (void *)-1, shmat(removed, at, SHM_REMAP));
	if (!has_capability(CAPABILITY_IPC_OWNER))
		CHECK_FAILS(EACCES, (void *)-1, shmat(other, at, SHM_REMAP));

	bool stays = !load_is_refused(at);
	if (stays)
		CHECK_STAYS(&old);
	CHECK_SHOWN_ELSEWHERE(&old);
	observed("failed-remap", "what is there %s", stays ? "stays" : "goes");
}

CASE(remap_over_attachment, OBSERVED, "SHM_REMAP over a whole attachment counts as its detach, or does not",
    "POSIX.1-2017 shmdt() DESCRIPTION", NEEDS_REMAP)
{
	size_t size = 2 * attach_multiple();
	int id = segment_create(size);
	struct existing_memory old = existing_memory_create(SEGMENT, size); /* one attachment */
	char *at = free_range(size);
	existing_memory_place(&old, at); /* another */

	REQUIRE(shmat(id, at, SHM_REMAP) == at);
	CHECK_BYTES(0, at, size);
	CHECK_SHOWN_ELSEWHERE(&old);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	unsigned long count = (unsigned long)segment_stat(old.memory.id).shm_nattch;
	CHECK(count == 1 || count == 2);
	observed("remap-over-attachment", "shm_nattch %lu of the segment replaced, which is attached once more", count);
}

CASE(fixed_mapping_over_part, SHALL,
    "MAP_FIXED over a page of an attachment replaces that page, and the others stay attached",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION")
{
	size_t size = 3 * page_size();
	int id = segment_create(size);
	char *elsewhere = segment_attach(id, NULL, 0);
	int fd = nameless_file_with_pattern(1);

	for (size_t page = 0; page < 3; page++) {
		char *p = segment_attach(id, NULL, 0);
		size_t from = page * page_size();
		pattern_store(1, elsewhere, size);

		char *mapped = mmap(p + from, page_size(), PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
		REQUIRE(mapped == p + from);
		CHECK_PATTERN(1, elsewhere, size);
		CHECK_PATTERN('f', mapped, page_size());
		pattern_store(2, elsewhere, size);
		for (size_t at = 0; at < size; at += page_size())
			if (at != from) {
				CHECK_PATTERN_FROM(2, at, p + at, page_size());
				CHECK_STORE_OK(p + at);
			}
		CHECK_PATTERN('f', mapped, page_size());
	}
}

CASE(fixed_mapping_over_whole, OBSERVED, "MAP_FIXED over a whole attachment counts as its detach, or does not",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "POSIX.1-2017 shmdt() DESCRIPTION")
{
	size_t size = 3 * page_size();
	int id = segment_create(size);
	char *elsewhere = segment_attach(id, NULL, 0);
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, size);
	int fd = nameless_file_with_pattern(3);

	REQUIRE(mmap(p, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == p);
	CHECK_PATTERN('f', p, size);
	CHECK_PATTERN(1, elsewhere, size);
	unsigned long count = (unsigned long)segment_stat(id).shm_nattch;
	CHECK(count == 1 || count == 2);
	errno = 0;
	int result = shmdt(p);
	CHECK(result == 0 || errno == EINVAL);
	observed("mapping-over-attachment", "shm_nattch %lu for 2 attachments, then shmdt() %s", count,
	    result == 0 ? "succeeds" : errno_name(errno));
	CHECK_PATTERN(1, elsewhere, size);
}

CASE(neighbour_munmap_keeps, SHALL,
    "munmap() right before or behind an attachment, of a length that ends inside a page, leaves the attachment",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION")
{
	size_t unit = attach_multiple();
	int id = segment_create(unit);
	char *elsewhere = segment_attach(id, NULL, 0);
	pattern_store(1, elsewhere, unit);
	struct existing_memory below = existing_memory_create(FILE_SHARED, unit);
	struct existing_memory above = existing_memory_create(FILE_SHARED, unit);
	char *base = free_range(3 * unit);
	existing_memory_place(&below, base);
	existing_memory_place(&above, base + 2 * unit);
	char *p = segment_attach(id, base + unit, 0);

	CHECK_SUCCEEDS(munmap(base, unit - 100));
	CHECK_PATTERN(1, p, unit);
	CHECK_SUCCEEDS(munmap(base + 2 * unit, unit - page_size() + 1));

	CHECK_PATTERN(1, p, unit);
	pattern_store(2, elsewhere, unit);
	CHECK_PATTERN(2, p, unit);
	CHECK_EQ(2, segment_stat(id).shm_nattch);
	CHECK_SUCCEEDS(shmdt(p));
}
