/* SPDX-License-Identifier: BSD-2-Clause */

/* The rest of the vocabulary does what its headers say: segments, objects, files, mappings, children, users, the clock. */

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include "case.h"
#include "instrument.h"
#include "clock.h"
#include "fault.h"
#include "ipc_namespace.h"
#include "mapping.h"
#include "memfd.h"
#include "object.h"
#include "process.h"
#include "program.h"
#include "random.h"
#include "record.h"
#include "segment.h"
#include "shared_mutex.h"

INTERFACE(vocabulary)

#define SENTENCE(name, sentence) CASE(name, OBSERVED, sentence, "ISO C11")

SENTENCE(segment_fresh, "A segment is new, has mode 0600, a key of its own and the size asked for")
{
	int a = segment_create(100);
	int b = segment_create(100);
	struct shmid_ds status = segment_stat(a);

	CHECK_NE(a, b);
	CHECK_EQ(100, status.shm_segsz);
	CHECK_EQ(0600, status.shm_perm.mode & 0777);
	CHECK_EQ(0, status.shm_nattch);
}

SENTENCE(segment_key_unused, "A key is never IPC_PRIVATE and has no segment")
{
	key_t a = segment_key();
	key_t b = segment_key();

	CHECK_NE(IPC_PRIVATE, a);
	CHECK_NE(a, b);
	CHECK_FAILS(ENOENT, -1, shmget(a, 0, 0));
	int id = segment_create_with_key(a, 1, 0640);
	CHECK_EQ(id, shmget(a, 0, 0));
}

SENTENCE(segment_attach_detach, "Attach, detach and remove do what they say")
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	CHECK_EQ(1, segment_stat(id).shm_nattch);
	segment_detach(p);
	CHECK_EQ(0, segment_stat(id).shm_nattch);
	segment_remove(id);
	CHECK_FAILS(EINVAL, -1, shmctl(id, IPC_STAT, &(struct shmid_ds){ .shm_segsz = 0 }));
}

SENTENCE(object_fresh, "An object is new, has mode 0600, the size asked for and a name below 30 bytes")
{
	struct object a = object_create(3);
	struct object b = object_create(0);
	struct stat status;

	CHECK_SUCCEEDS(fstat(a.fd, &status));
	CHECK_EQ(3, status.st_size);
	CHECK_EQ(0600, status.st_mode & 0777);
	CHECK_EQ(0, size_of(b.fd));
	CHECK(strcmp(a.name, b.name) != 0);
	CHECK(a.name[0] == '/' && strlen(a.name) < 30);
	close(object_open(&a, O_RDONLY));
	object_unlink(&a);
	CHECK_FAILS(ENOENT, -1, shm_open(a.name, O_RDONLY, 0));
}

SENTENCE(file_fresh, "A file is new, regular, in the current directory and has the size asked for")
{
	struct file f = file_create(5);
	struct stat status;

	CHECK_SUCCEEDS(stat(f.name, &status));
	CHECK(S_ISREG(status.st_mode));
	CHECK_EQ(5, status.st_size);
	set_size(f.fd, 7);
	CHECK_EQ(7, size_of(f.fd));
}

SENTENCE(memory_of_each_kind, "Memory of each kind is zero and shared with a child")
{
	memory_kind *const kinds[] = { anonymous_memory, dev_zero_memory, file_memory, object_memory, segment_memory };

	for (size_t i = 0; i < nitems(kinds); i++) {
		struct memory m = memory_create(kinds[i], page_size() + 1);

		CHECK_BYTES(0, m.start, m.size);
		CHECK_EQ(page_size() + 1, m.size);
		CHECK_EQ(kinds[i] == segment_memory, m.id != -1);
	}
}

SENTENCE(free_range_is_free, "A free range is aligned for segments and nothing is there")
{
	char *p = free_range(3 * page_size());

	CHECK_EQ(0, (uintptr_t)p % attach_multiple());
	for (size_t at = 0; at < 3 * page_size(); at += page_size())
		CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, p + at);
}

SENTENCE(
    segment_of_another, "A segment of another user is that user's, and one given away has the owner and mode named")
{
	need_users();
	need_ipc_privileges();
	struct shmid_ds made = segment_stat(segment_of_user(OWNER, segment_key(), 0640));
	int id = segment_create(1);

	CHECK_EQ(user_id(OWNER), made.shm_perm.cuid);
	CHECK_EQ(group_id(OWNER), made.shm_perm.gid);
	CHECK_EQ(0640, made.shm_perm.mode & 0777);
	segment_give(id, OTHER, OWNER, 0604);
	CHECK_EQ(user_id(OTHER), segment_stat(id).shm_perm.uid);
	CHECK_EQ(group_id(OWNER), segment_stat(id).shm_perm.gid);
	CHECK_EQ(0604, segment_stat(id).shm_perm.mode & 0777);
}

SENTENCE(files_with_pattern, "A file with a pattern has it in every byte, with a name or without one")
{
	struct file named = file_with_pattern(2);
	int nameless = nameless_file_with_pattern(3);

	CHECK_PATTERN('f', content_of(named.fd, 2 * page_size()), 2 * page_size());
	CHECK_PATTERN('f', content_of(nameless, 3 * page_size()), 3 * page_size());
	CHECK_SUCCEEDS(access(named.name, F_OK));
	CHECK_FAILS(ENOENT, -1, access(file_name_beside(&named, ".x").name, F_OK));
	CHECK_EQ(0, size_of(nameless_file(0)));
}

SENTENCE(memfd_is_sealable, "An object for seals has the size asked for and none of them")
{
	int fd = memfd_sealable(7);

	CHECK_EQ(7, size_of(fd));
	CHECK_EQ(0, fcntl(fd, F_GET_SEALS));
	CHECK_EQ(7, size_of(memfd_open_again(fd, O_RDONLY)));
}

static void
lock_it(void *mutex)
{
	CHECK_RETURNS_ERROR(EBUSY, pthread_mutex_trylock(mutex));
}

SENTENCE(mutex_is_shared, "A shared mutex is one for all processes that have it")
{
	pthread_mutex_t *m = map_anonymous(sizeof(*m), MAP_SHARED);

	shared_mutex_init(m, PTHREAD_MUTEX_NORMAL, STALLED);
	CHECK_RETURNS_ERROR(0, pthread_mutex_lock(m));
	in_child(lock_it, m);
}

static void
change_limit(void *outer)
{
	enter_new_ipc_namespace();
	ipc_limit_set("shmmni", 7);
	CHECK_EQ(7, ipc_limit("shmmni"));
	CHECK_NE(7, *(unsigned long *)outer);
}

SENTENCE(limits_of_a_namespace, "A limit that is set in a namespace of one's own is not one of the others'")
{
	need_root();
	unsigned long before = ipc_limit("shmmni");

	in_child(change_limit, &before);
	CHECK_EQ(before, ipc_limit("shmmni"));
}

static void
lower_limit(void *nothing)
{
	(void)nothing;
	limit_to(RLIMIT_NOFILE, 12);
	for (int i = 0; i < 12; i++)
		dup(STDIN_FILENO);
	CHECK_FAILS(EMFILE, -1, dup(STDIN_FILENO));
	limit_to(RLIMIT_NOFILE, RLIM_INFINITY);
	CHECK_NE(-1, dup(STDIN_FILENO));
}

SENTENCE(limits_of_a_process, "A resource limit holds for a child until it is taken back")
{
	in_child(lower_limit, NULL);
}

struct steps {
	char *memory;
};

static void
take_steps(void *steps)
{
	char *p = ((struct steps *)steps)->memory;

	*p = 1;
	pause_for_parent();
	*p = 2;
	pause_for_parent();
	*p = 3;
}

SENTENCE(children_in_step, "A child stops at each pause and at its end until it is let go on")
{
	struct steps steps = { map_anonymous(1, MAP_SHARED) };
	struct child a = child_start(take_steps, &steps);
	struct steps others = { map_anonymous(1, MAP_SHARED) };
	struct child b = child_start(take_steps, &others);

	child_reaches_pause(&a);
	CHECK_EQ(1, *steps.memory);
	child_goes_on(&a);
	child_reaches_pause(&a);
	CHECK_EQ(2, *steps.memory);
	child_reaches_pause(&b);
	CHECK_EQ(1, *others.memory);
	child_goes_on(&a);
	child_reaches_end(&a);
	CHECK_EQ(3, *steps.memory);
	child_exits(&a);
	child_kill(&b);
}

static void
exit_with(void *status)
{
	_exit(*(int *)status);
}

SENTENCE(children_end_so, "A child may exit with a status of its own, or die by a signal")
{
	int status = 5;
	struct child c = child_start(exit_with, &status);

	child_exits_with(&c, 5);
}

PROGRAM(without_inheritance)
{
	CHECK_EQ(3, argc);
	CHECK_EQ(-77, number_from(argv[1]));
	CHECK(strcmp("a b", argv[2]) == 0);
	CHECK_FAILS(EBADF, -1, fcntl(100, F_GETFD));
	pause_for_parent();
}

SENTENCE(
    program_is_unrelated, "A program gets its arguments, keeps in step, and inherits no descriptor with close-on-exec")
{
	struct child c;

	REQUIRE(dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 100) == 100 && fcntl(100, F_SETFD, FD_CLOEXEC) == 0);
	c = program_start("without_inheritance", number_text(-77).text, "a b");
	child_reaches_pause(&c);
	child_goes_on(&c);
	child_exits(&c);
}

static void
check_ids(void *user)
{
	enum user u = *(enum user *)user;

	CHECK_EQ(user_id(u), getuid());
	CHECK_EQ(user_id(u), geteuid());
	CHECK_EQ(group_id(u), getgid());
	CHECK_EQ(group_id(u), getegid());
	CHECK_EQ(0, getgroups(0, NULL));
	if (u != SUPERUSER)
		CHECK_EQ(-1, setuid(0));
}

SENTENCE(users_are_taken, "As another user a child has that user's ids alone, for good")
{
	static const enum user users[] = { SUPERUSER, OWNER, GROUP_MEMBER, OTHER };

	need_users();
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++)
		as_user(users[i], check_ids, (void *)(uintptr_t)&users[i]);
	CHECK_EQ(group_id(OWNER), group_id(GROUP_MEMBER));
	CHECK_NE(group_id(OWNER), group_id(OTHER));
	CHECK_NE(user_id(OWNER), user_id(GROUP_MEMBER));
}

SENTENCE(second_ticks, "After next_second() the clock shows a later second, and no more than one has passed")
{
	time_t before = coarse_time();
	time_t after = next_second();

	CHECK(after > before);
	CHECK_EQ(after, coarse_time());
	CHECK_TIME_BETWEEN(before, after, before);
	CHECK_TIME_BETWEEN(before, after, after);
}

SENTENCE(platform_facts, "The page size is a power of two, SHMLBA a multiple of it, random bytes differ")
{
	char a[16] = "";
	char b[16] = "";

	CHECK_EQ(0, page_size() & (page_size() - 1));
	CHECK_EQ(0, attach_multiple() % page_size());
	random_bytes(a, sizeof(a));
	random_bytes(b, sizeof(b));
	CHECK(memcmp(a, b, sizeof(a)) != 0);
}

SENTENCE(no_process_has_it, "The address of the kernel is one that no process can have")
{
	need(!instrumented_by(THREAD_SANITIZER),
	    "ThreadSanitizer keeps a shadow of the addresses that a process may have");
	CHECK_FAILS(ENOMEM, MAP_FAILED,
	    mmap(address_of_kernel(), page_size(), PROT_READ, MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED, -1, 0));
}
