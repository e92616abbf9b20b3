/* SPDX-License-Identifier: BSD-2-Clause */

/* Other ways to another program: exec by one of several threads, posix_spawn() and vfork(). */

#include <pthread.h>
#include <sched.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdatomic.h>

#include <sys/wait.h>

#include "case.h"
#include "mapping.h"
#include "memory_cases.h"
#include "object.h"
#include "platform/unistd.h"
#include "process.h"
#include "program.h"
#include "segment.h"

INTERFACE(mmap_process)

/* A process of two threads: one stores without end, the other executes a program that finds the memory by its name. */
struct threads {
	struct object object;
	struct memory memory;
	bool first_executes;
	atomic_bool stores;
};

static void *
store_without_end(void *arg)
{
	struct threads *t = arg;

	for (int byte = 0; byte >= 0; byte ^= 1) { /* without end */
		for (size_t i = 0; i < t->memory.size; i++)
			((volatile char *)t->memory.start)[i] = (char)byte;
		atomic_store(&t->stores, true);
	}
	return NULL;
}

static void *
execute(void *arg)
{
	struct threads *t = arg;

	while (!atomic_load(&t->stores))
		sched_yield();
	if (t->memory.id == -1)
		program_become("store_alone", number_text(getpid()).text, t->object.name);
	program_become("store_alone", number_text(getpid()).text, "", number_text(t->memory.id).text);
}

static void
run_two_threads(void *arg)
{
	struct threads *t = arg;
	pthread_t other;

	thread_start(&other, t->first_executes ? store_without_end : execute, t);
	if (t->first_executes)
		execute(t);
	store_without_end(t);
}

enum { LOOKS = 20 };

/* Arguments: the process before exec; the name of the object, or "" and the identifier of the segment. */
PROGRAM(store_alone)
{
	char *p;

	CHECK_EQ(number_from(argv[1]), getpid());
	if (argc == 4) {
		int id = (int)number_from(argv[3]);

		CHECK_EQ(1, segment_stat(id).shm_nattch); /* the case's */
		p = segment_attach(id, NULL, 0);
	} else {
		p = map_shared(shm_open(argv[2], O_RDWR, 0), 2 * page_size());
	}
	pattern_store('n', p, 2 * page_size());
	for (int i = 0; i < LOOKS; i++) {
		CHECK_PATTERN('n', p, 2 * page_size());
		sched_yield();
	}
}

static void
exec_with_threads(struct threads *t)
{
	in_child(run_two_threads, t);

	CHECK_PATTERN('n', t->memory.start, 2 * page_size());
}

static void
exec_with_threads_on_object(bool first_executes)
{
	struct threads t = { .object = object_create(2 * page_size()), .first_executes = first_executes };
	t.memory = (struct memory){ map_shared(t.object.fd, 2 * page_size()), 2 * page_size(), t.object.fd, -1 };

	exec_with_threads(&t);
}

#define EXEC_THREADS "POSIX.1-2017 exec DESCRIPTION", "Linux execve(2)"

CASE(exec_ends_threads__first, SHALL,
    "exec by the first of several threads ends the others, which store nothing more in shared memory", EXEC_THREADS,
    NEEDS_OBJECTS)
{
	exec_with_threads_on_object(true);
}

CASE(exec_ends_threads__another, SHALL,
    "exec by another thread than the first ends the others, which store "
    "nothing more in shared memory, and the process stays the same",
    EXEC_THREADS, NEEDS_OBJECTS)
{
	exec_with_threads_on_object(false);
}

CASE(exec_ends_threads__segment, SHALL,
    "exec by another thread than the first ends the others and detaches the segment of the process", EXEC_THREADS,
    NEEDS_SEGMENTS)
{
	struct threads t = { .memory = memory_create(segment_memory, 2 * page_size()), .first_executes = false };

	exec_with_threads(&t);
}

/* A program that is there, and does not end before it may. */
PROGRAM(be_there)
{
	pause_for_parent();
}

/* The program has been started: this process has its memory, while it runs and when it has ended. */
static void
keep_memory(struct memory *m, pid_t program)
{
	int status = -1;

	CHECK_PATTERN('o', m->start, m->size);
	REQUIRE(waitpid(program, &status, 0) == program);
	REQUIRE(status == 0);
	CHECK_PATTERN('o', m->start, m->size);
	pattern_store('s', m->start, m->size);
}

/* A child that starts the program, whose pauses are the child's. The child's own end is the second. */
static void
start_program_in(void (*body)(void *), struct memory *m)
{
	pattern_store('o', m->start, m->size);
	struct child c = child_start(body, m);

	child_reaches_pause(&c);
	CHECK_PATTERN('o', m->start, m->size);
	if (m->id != -1)
		CHECK_EQ(1 + 1, segment_stat(m->id).shm_nattch); /* the case and the child */
	child_goes_on(&c);
	child_reaches_end(&c);
	child_goes_on(&c);

	child_reaches_end(&c);
	CHECK_PATTERN('s', m->start, m->size);
	if (m->id != -1)
		CHECK_EQ(1 + 1, segment_stat(m->id).shm_nattch);
	child_exits(&c);
}

extern char **environ; /* NOLINT(readability-redundant-declaration): for BSDs */

static void
spawn_program(void *memory)
{
	struct program_words words;
	pid_t program;

	program_words(&words, "be_there");
	int error = posix_spawnp(&program, words.file, NULL, NULL, words.vector, environ);
	need(error != EAGAIN, "needs more processes: posix_spawnp() returns EAGAIN");
	REQUIRE_SUCCEEDS(error);
	keep_memory(memory, program);
}

CASE_FOR_EACH_MEMORY(spawn_leaves_memory, SHALL,
    "posix_spawn() leaves a process its memory, and the program that it starts is attached to no segment",
    "POSIX.1-2017 posix_spawn() DESCRIPTION", "POSIX.1-2017 exec DESCRIPTION", COVERS("BS39"))
{
	struct memory m = memory_create(kind, 3 * page_size());

	start_program_in(spawn_program, &m);
}

static pid_t
vfork_program(const struct program_words *words)
{
	pid_t program = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork): it is what is tested */

	if (program == 0) {
		program_exec(words); /* NOLINT(clang-analyzer-unix.Vfork): it calls exec alone */
		_exit(1);
	}
	return program;
}

static void
vfork_and_exec(void *memory)
{
	struct program_words words;

	program_words(&words, "be_there");
	pid_t program = vfork_program(&words);
	need(program != -1, "needs more processes: vfork() fails with %s", errno_name(errno));
	keep_memory(memory, program);
}

#define VFORK_SOURCES \
	"Linux vfork(2)", "FreeBSD vfork(2)", "NetBSD vfork(2)", "DragonFly vfork(2)", "illumos vfork(2)", \
	    COVERS("BS39")

CASE_FOR_EACH_MEMORY(vfork_leaves_memory, DOCUMENTED,
    "A child of vfork() that executes a program leaves its parent the memory, and counts for no segment", VFORK_SOURCES)
{
	struct memory m = memory_create(kind, 3 * page_size());

	start_program_in(vfork_and_exec, &m);
}

static pid_t
vfork_exit(void)
{
	pid_t child = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork): it is what is tested */

	if (child == 0)
		_exit(0);
	return child;
}

CASE_FOR_EACH_MEMORY(vfork_leaves_memory__exit, DOCUMENTED,
    "A child of vfork() that ends leaves its parent the memory, and counts for no segment then", VFORK_SOURCES)
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('o', m.start, m.size);

	pid_t child = vfork_exit();
	need(child != -1, "needs more processes: vfork() fails with %s", errno_name(errno));
	REQUIRE(waitpid(child, NULL, 0) == child);

	CHECK_PATTERN('o', m.start, m.size);
	if (m.id != -1)
		CHECK_EQ(1, segment_stat(m.id).shm_nattch);
}
