/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Children that have children: what each of them stores, maps, unmaps and gives up is its own, whoever of the family goes
 * first.
 */

#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "memory_cases.h"
#include "object.h"
#include "process.h"

INTERFACE(mmap_process)

#define FORK_SOURCES "POSIX.1-2017 fork() DESCRIPTION", "Linux fork(2)", "illumos fork(2)"

enum { GENERATIONS = 5 };

struct family {
	struct memory memory; /* a page for each generation, and one that each stores to */
	int generation;       /* of this process; the case itself is 0 */
};

/* The pages of generations up to this one have their patterns, the others are as they were first. */
static void
check_pages(const struct family *f)
{
	for (int i = 0; i <= GENERATIONS; i++) {
		const char *page = &f->memory.start[(size_t)i * page_size()];

		if (i <= f->generation)
			CHECK_PATTERN('0' + i, page, page_size());
		else
			CHECK_BYTES(0, page, page_size());
	}
	CHECK_PATTERN('A' + f->generation, &f->memory.start[(GENERATIONS + 1) * page_size()], page_size());
}

static void
store_pages(const struct family *f)
{
	pattern_store('0' + f->generation, &f->memory.start[(size_t)f->generation * page_size()], page_size());
	pattern_store('A' + f->generation, &f->memory.start[(GENERATIONS + 1) * page_size()], page_size());
}

static void
live_and_have_child(void *family)
{
	struct family *f = family; /* this process's own, in its copy of the stack */

	check_pages(f);
	f->generation++;
	store_pages(f);
	if (f->generation < GENERATIONS)
		in_child(live_and_have_child, f);
	check_pages(f);
}

CASE_FOR_EACH_PRIVATE_MEMORY(fork_private_snapshot__chain, SHALL,
    "In private memory each of five generations finds what its "
    "ancestors stored before fork, and nothing of what others store",
    FORK_SOURCES, NEEDS_FILES_OF_PAGES(7))
{
	struct family f = { .memory = memory_create(kind, (GENERATIONS + 2) * page_size()), .generation = 0 };
	store_pages(&f);

	in_child(live_and_have_child, &f);

	check_pages(&f);
}

/* The last of a family whose middle has given the memory up: nobody else has stored what it finds. */
static void
find_what_middle_stored(void *memory)
{
	const struct memory *m = memory;

	pause_for_parent();
	CHECK_PATTERN('o', m->start, page_size());
	CHECK_PATTERN('c', &m->start[page_size()], page_size());
	CHECK_BYTES(0, &m->start[2 * page_size()], page_size());
	pattern_store('g', m->start, m->size);
}

static void
store_have_child_and_unmap(void *memory)
{
	struct memory *m = memory;

	pattern_store('c', &m->start[page_size()], page_size());
	struct child c = child_start(find_what_middle_stored, m);
	child_reaches_pause(&c);
	unmap(m->start, m->size);

	pause_for_parent();
	child_goes_on(&c);
	child_exits(&c);
}

CASE_FOR_EACH_PRIVATE_MEMORY(fork_private_snapshot__middle_unmaps, SHALL,
    "In private memory a child's child finds what the child stored "
    "before it unmapped the memory, and not what the parent stores",
    FORK_SOURCES, NEEDS_FILES_OF_PAGES(3))
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('o', m.start, page_size());
	struct child c = child_start(store_have_child_and_unmap, &m);

	child_reaches_pause(&c);
	pattern_store('p', m.start, m.size);
	child_goes_on(&c);
	child_exits(&c);

	CHECK_PATTERN('p', m.start, m.size);
}

/* A daemon is made in this way: the child that has made it exits at once. */
struct daemon {
	struct memory memory;
	int go[2];     /* closed when the daemon is to look */
	int answer[2]; /* "y" when it found what it should */
};

static bool
is_pattern(char seed, const char *start)
{
	char *expected = map_anonymous(page_size(), MAP_PRIVATE);

	pattern_store((unsigned char)seed, expected, page_size());
	return memcmp(expected, start, page_size()) == 0;
}

static void
make_daemon_and_exit(void *arg)
{
	struct daemon *d = arg;
	char *p = d->memory.start;
	char byte = 'n';

	pattern_store('c', &p[page_size()], page_size());
	pid_t daemon = fork();
	need(daemon != -1, "needs more processes: fork() fails with %s", errno_name(errno));
	if (daemon != 0)
		return;
	close(d->go[1]);
	close(d->answer[0]);
	if (read(d->go[0], &byte, 1) == 0 && is_pattern('o', p) && is_pattern('c', &p[page_size()]))
		byte = 'y';
	memset(p, 'g', d->memory.size);
	_exit(write(d->answer[1], &byte, 1) == 1 ? 0 : 1);
}

CASE_FOR_EACH_PRIVATE_MEMORY(fork_private_snapshot__middle_exits, SHALL,
    "In private memory a child's child finds what the child stored before it ended, and not what the parent stores",
    FORK_SOURCES, NEEDS_FILES_OF_PAGES(3))
{
	struct daemon d = { .memory = memory_create(kind, 3 * page_size()) };
	char answer = 'n';
	REQUIRE(pipe(d.go) == 0);
	REQUIRE(pipe(d.answer) == 0);
	pattern_store('o', d.memory.start, page_size());

	in_child(make_daemon_and_exit, &d);
	pattern_store('p', d.memory.start, d.memory.size);
	close(d.answer[1]);
	close(d.go[1]);

	REQUIRE(read(d.answer[0], &answer, 1) != -1);
	CHECK_EQ('y', answer);
	CHECK_PATTERN('p', d.memory.start, d.memory.size);
}

/* What a child does with what it has inherited, and with addresses where nothing was. */
struct estate {
	struct memory memory; /* three pages */
	char *nothing;        /* two pages of addresses */
};

static void
has_estate_of_child(void *arg)
{
	const struct estate *e = arg;

	CHECK_PATTERN('o', e->memory.start, page_size());
	CHECK_UNMAPPED(&e->memory.start[page_size()], page_size());
	CHECK_PATTERN('n', &e->memory.start[2 * page_size()], page_size());
	CHECK_PATTERN('n', e->nothing, 2 * page_size());
	pattern_store('g', &e->memory.start[2 * page_size()], page_size());
	pattern_store('g', e->nothing, 2 * page_size());
}

static void
map_here(char *at, size_t size)
{
	REQUIRE(mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == at);
	pattern_store('n', at, size);
}

static void
change_estate(void *arg)
{
	struct estate *e = arg;

	unmap(&e->memory.start[page_size()], page_size());
	map_here(&e->memory.start[2 * page_size()], page_size());
	map_here(e->nothing, 2 * page_size());

	in_child(has_estate_of_child, e);

	pause_for_parent();
	CHECK_PATTERN('n', e->nothing, 2 * page_size());
	CHECK_PATTERN('n', &e->memory.start[2 * page_size()], page_size());
}

static void
changes_stay_in_child(memory_kind *kind)
{
	struct estate e = { .memory = memory_create(kind, 3 * page_size()) };
	pattern_store('o', e.memory.start, e.memory.size);
	e.nothing = free_range(2 * page_size());
	struct child c = child_start(change_estate, &e);

	child_reaches_pause(&c);
	CHECK_PATTERN('o', e.memory.start, e.memory.size);
	CHECK_UNMAPPED(e.nothing, 2 * page_size());
	child_goes_on(&c);
	child_exits(&c);
	CHECK_PATTERN('o', e.memory.start, e.memory.size);
}

#define CHANGES_SOURCES \
	"POSIX.1-2017 fork() DESCRIPTION", "POSIX.1-2017 munmap() DESCRIPTION", "Linux fork(2)", "Linux munmap(2)", \
	    NEEDS_FILES_OF_PAGES(3)

CASE_FOR_EACH_MAPPING(fork_child_maps_alone, SHALL,
    "What a child maps and unmaps after fork is so in the children that it makes then, and not in its parent",
    CHANGES_SOURCES)
{
	changes_stay_in_child(kind);
}

CASE(fork_child_maps_alone__private, SHALL,
    "What a child maps and unmaps after fork is so in the children that it makes then, and not in its parent",
    CHANGES_SOURCES, COVERS("fork.vma_no_merge"))
{
	changes_stay_in_child(private_anonymous_memory);
}

/* More than a counter of 8 bits can tell apart. */
enum { SHARERS = 260 };

static _Noreturn void
look_and_store(int go, char *p)
{
	char byte;
	bool is_unchanged = read(go, &byte, 1) == 0 && *p == 'o' && p[page_size() - 1] == 'o';

	memset(p, 'c', page_size());
	_exit(is_unchanged ? 0 : 1);
}

CASE(fork_private_snapshot__many_children, SHALL,
    "In a private page each of 260 children finds what was there at its fork, when the parent has stored there since",
    FORK_SOURCES)
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	pid_t children[SHARERS];
	int unchanged = 0;
	int go[2];
	REQUIRE(pipe(go) == 0);
	memset(p, 'o', page_size());

	for (int i = 0; i < SHARERS; i++) {
		children[i] = fork();
		need(children[i] != -1, "needs %d more processes: fork() fails with %s", SHARERS, errno_name(errno));
		if (children[i] == 0) {
			close(go[1]);
			look_and_store(go[0], p);
		}
	}
	memset(p, 'p', page_size());
	close(go[1]);
	for (int i = 0; i < SHARERS; i++) {
		int status = -1;

		REQUIRE(waitpid(children[i], &status, 0) == children[i]);
		unchanged += status == 0;
	}

	CHECK_EQ(SHARERS, unchanged);
	CHECK_BYTES('p', p, page_size());
}
