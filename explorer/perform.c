/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "access.h"
#include "call.h"
#include "guardian.h"
#include "memory.h"
#include "perform.h"
#include "permission.h"
#include "platform/memfd.h"
#include "platform/mman.h"
#include "platform/shm.h"

/* What this process has: the identifier that it last got for a key, and descriptors; -1 is none. fork() copies it. */
static int identifiers[KEYS] = { -1, -1 };
static int descriptors[DESCRIPTORS] = { -1, -1, -1 };

static const int open_flags[WAYS_TO_OPEN] = {
	[OPENS_TO_READ] = O_RDONLY,
	[OPENS_TO_WRITE] = O_RDWR,
	[OPENS_NEW] = O_RDWR | O_CREAT,
	[OPENS_EXCLUSIVELY] = O_RDWR | O_CREAT | O_EXCL,
	[OPENS_TRUNCATED] = O_RDWR | O_TRUNC,
	[OPENS_TO_APPEND] = O_RDWR | O_CREAT | O_APPEND,
};

static const int create_flags[WAYS_TO_CREATE] = {
	[FINDS] = 0,
	[CREATES_IT] = IPC_CREAT,
	[CREATES_EXCLUSIVELY] = IPC_CREAT | IPC_EXCL,
	[CREATES_PRIVATE] = 0,
};

/* The operation under way. */
static const struct scene *scene;
static const uint8_t *argument_of;

static off_t
offset(void)
{
	return (off_t)offset_of(&scene->setting, argument_of[FROM], argument_of[SPOT]);
}

static int
descriptor(void)
{
	return descriptors[argument_of[DESCRIPTOR]];
}

/* The second value is the identifier of a segment that no key finds: the explorer removes it. */
static struct answer
get_segment(void)
{
	const bool is_private = argument_of[CREATES] == CREATES_PRIVATE;
	const int id = shmget(is_private ? IPC_PRIVATE : scene->keys[argument_of[KEY]],
	    size_in_bytes(&scene->setting, argument_of[SIZE]),
	    create_flags[argument_of[CREATES]] | (int)mode_bits(argument_of[MODE]));
	bool is_same;

	if (id == -1)
		return answer_of_call(-1);
	if (is_private)
		guardian_owns_segment(id);
	is_same = id == identifiers[argument_of[KEY]];
	identifiers[argument_of[KEY]] = id;
	return GIVES_TWO(is_same, is_private ? id : 0);
}

static struct answer
find_segment(void)
{
	const int id = shmget(scene->keys[argument_of[KEY]], 0, 0);

	return id == -1 ? answer_of_call(-1) : GIVES(id == identifiers[argument_of[KEY]]);
}

static struct answer
tell_segment(void)
{
	struct shmid_ds status;

	if (!ask_segment(identifiers[argument_of[KEY]], &status))
		return answer_of_call(-1);
	return GIVES_TWO(status.shm_segsz, status.shm_nattch);
}

/* Whether all lower descriptors are open. */
static bool
is_lowest(int fd)
{
	for (int i = 0; i < fd; i++)
		if (fcntl(i, F_GETFD) == -1)
			return false;
	return true;
}

/* The first of ours that is free. The second value is 1 if its number is not the lowest that a new descriptor may have. */
static struct answer
keep_descriptor(int fd)
{
	const bool has_gap = fd != -1 && !is_lowest(fd);

	if (fd == -1)
		return answer_of_call(-1);
	for (unsigned i = 0; i < DESCRIPTORS; i++)
		if (descriptors[i] == -1) {
			descriptors[i] = fd;
			return GIVES_TWO(i, has_gap);
		}
	close(fd);
	return GIVES(DESCRIPTORS);
}

static struct answer
close_descriptor(void)
{
	const struct answer answer = answer_of_call(close(descriptor()));

	descriptors[argument_of[DESCRIPTOR]] = -1;
	return answer;
}

static struct answer
tell_flags(void)
{
	const int flags = fcntl(descriptor(), F_GETFD);

	return flags == -1 ? answer_of_call(-1) : GIVES((flags & FD_CLOEXEC) != 0);
}

static struct answer
seek(void)
{
	static const int bases[BASES] = { [FROM_START] = SEEK_SET, [FROM_OFFSET] = SEEK_CUR, [FROM_END] = SEEK_END };

	return answer_of_call((long)lseek(descriptor(), offset(), bases[argument_of[WHERE]]));
}

static struct answer
tell_size(void)
{
	struct stat status;

	return fstat(descriptor(), &status) == -1 ? answer_of_call(-1) : GIVES(status.st_size);
}

static struct answer
find_object(void)
{
	const int fd = shm_open(scene->objects[argument_of[NAME]], O_RDONLY, 0);
	struct stat status;
	struct answer answer;

	if (fd == -1)
		return answer_of_call(-1);
	answer = fstat(fd, &status) == -1 ? answer_of_call(-1) : GIVES(status.st_size);
	close(fd);
	return answer;
}

static struct answer
find_file(void)
{
	struct stat status;

	return stat(scene->files[argument_of[NAME]], &status) == -1 ? answer_of_call(-1) : GIVES(status.st_size);
}

/* A byte of what is mapped or attached elsewhere. */
static struct answer
load_from(const volatile char *start)
{
	const volatile char *at = start + offset();
	const struct fault f = fault_of_load(at);

	return f.signal != 0 ? (struct answer)FAULTS(f.signal, f.code) : GIVES((unsigned char)*at);
}

static struct answer
peek_segment(void)
{
	const int id = shmget(scene->keys[argument_of[KEY]], 0, 0);
	const char *p = id == -1 ? (char *)-1 : shmat(id, NULL, SHM_RDONLY);
	struct answer answer;

	if (p == (char *)-1)
		return answer_of_call(-1);
	answer = load_from(p);
	shmdt(p);
	return answer;
}

/* "fd" is closed. */
static struct answer
peek(int fd)
{
	const size_t size = (size_t)UNITS * scene->setting.unit;
	struct answer answer;
	char *p;

	if (fd == -1)
		return answer_of_call(-1);
	p = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	answer = p == MAP_FAILED ? answer_of_call(-1) : load_from(p);
	if (p != MAP_FAILED)
		munmap(p, size);
	close(fd);
	return answer;
}

static struct answer
read_byte(bool at_offset)
{
	unsigned char value = 0;
	const ssize_t got = at_offset ? read(descriptor(), &value, 1) : pread(descriptor(), &value, 1, offset());

	return got == -1 ? answer_of_call(-1) : GIVES_TWO(got, value);
}

static struct answer
write_byte(bool at_offset)
{
	const unsigned char value = (unsigned char)(argument_of[VALUE] + 1);

	return answer_of_call(at_offset ? write(descriptor(), &value, 1) : pwrite(descriptor(), &value, 1, offset()));
}

struct answer
perform(const struct scene *s, const struct operation *o)
{
	scene = s;
	argument_of = o->arguments;
	switch (o->kind) {
	case SHMGET:
		return get_segment();
	case SHMAT:
		return memory_do(s, o, identifiers[argument_of[KEY]]);
	case MMAP:
		return memory_do(s, o, argument_of[OF] == 0 ? -1 : descriptors[argument_of[OF] - 1]);
	case IPC_STATUS:
		return tell_segment();
	case IPC_REMOVE:
		return answer_of_call(shmctl(identifiers[argument_of[KEY]], IPC_RMID, NULL));
	case FIND_SEGMENT:
		return find_segment();
	case FIND_OBJECT:
		return find_object();
	case FIND_FILE:
		return find_file();
	case PEEK_SEGMENT:
		return peek_segment();
	case PEEK_OBJECT:
		return peek(shm_open(s->objects[argument_of[NAME]], O_RDONLY, 0));
	case PEEK_FILE:
		return peek(open(s->files[argument_of[NAME]], O_RDONLY));
	case SHM_OPEN:
		return keep_descriptor(shm_open(
		    s->objects[argument_of[NAME]], open_flags[argument_of[OPENS]], mode_bits(argument_of[MODE])));
	case SHM_UNLINK:
		return answer_of_call(shm_unlink(s->objects[argument_of[NAME]]));
	case OPEN:
		return keep_descriptor(open(s->files[argument_of[NAME]],
		    open_flags[argument_of[OPENS]] | (argument_of[ON_EXEC] == CLOSED_ON_EXEC ? O_CLOEXEC : 0),
		    mode_bits(argument_of[MODE])));
	case MEMFD_CREATE:
		return keep_descriptor(
		    memfd_create("explorer", argument_of[ON_EXEC] == CLOSED_ON_EXEC ? MFD_CLOEXEC : 0));
	case UNLINK:
		return answer_of_call(unlink(s->files[argument_of[NAME]]));
	case FTRUNCATE:
		return answer_of_call(ftruncate(descriptor(), (off_t)size_in_bytes(&s->setting, argument_of[SIZE])));
	case FSTAT:
		return tell_size();
	case CLOSE:
		return close_descriptor();
	case IPC_SET_MODE:
		return set_mode_of_segment(s, identifiers[argument_of[KEY]], argument_of[MODE], argument_of[GIVE_TO]);
	case IPC_MODE:
		return tell_mode_of_segment(s, identifiers[argument_of[KEY]]);
	case IPC_USERS:
		return tell_users(identifiers[argument_of[KEY]]);
	case IPC_TIMES:
		return tell_times_of_segment(s, identifiers[argument_of[KEY]]);
	case FSTAT_TIMES:
		return tell_times_of_descriptor(s, descriptor());
	case FSTAT_MODE:
		return tell_mode_of_descriptor(s, descriptor());
	case FCHMOD:
		return answer_of_call(fchmod(descriptor(), mode_bits(argument_of[MODE])));
	case BECOME_OTHER:
		return become_other(s);
	case DUP:
		return keep_descriptor(dup(descriptor()));
	case GETFD:
		return tell_flags();
	case SETFD:
		return answer_of_call(
		    fcntl(descriptor(), F_SETFD, argument_of[ON_EXEC] == CLOSED_ON_EXEC ? FD_CLOEXEC : 0));
	case LSEEK:
		return seek();
	case READ_NEXT:
		return read_byte(true);
	case WRITE_NEXT:
		return write_byte(true);
	case PREAD:
		return read_byte(false);
	case PWRITE:
		return write_byte(false);
	default:
		return memory_do(s, o, -1);
	}
}

struct belongings
perform_belongings(void)
{
	struct belongings b;

	memcpy(b.identifiers, identifiers, sizeof(identifiers));
	memcpy(b.descriptors, descriptors, sizeof(descriptors));
	return b;
}

void
perform_take(struct belongings b)
{
	memcpy(identifiers, b.identifiers, sizeof(identifiers));
	for (unsigned i = 0; i < DESCRIPTORS; i++)
		descriptors[i] = fcntl(b.descriptors[i], F_GETFD) == -1 ? -1 : b.descriptors[i];
}
