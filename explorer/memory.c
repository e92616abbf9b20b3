/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>

#include "access.h"
#include "call.h"
#include "memory.h"
#include "platform/machine.h"
#include "platform/mman.h"
#include "platform/shm.h"

/*
 * What this process has mapped at each place: where, or null if nothing is; and the bytes that the call has mapped from there on,
 * also at the places behind.
 */
static struct {
	char *start;
	size_t size;
	char *attached_at; /* or null */
	bool stays_behind; /* children do not have it */
} mapped[PLACES];

static const int protections[] = {
	[NO_ACCESS] = PROT_NONE,
	[READ] = PROT_READ,
	[READ_WRITE] = PROT_READ | PROT_WRITE,
};

static const int sync_flags[WAYS_TO_SYNC] = { MS_SYNC, MS_SYNC | MS_INVALIDATE, MS_ASYNC };

static const int advices[ADVICES] = { [DONTNEED] = MADV_DONTNEED,
	[DONTFORK] = MADV_DONTFORK,
	[DOFORK] = MADV_DOFORK,
	[WIPEONFORK] = MADV_WIPEONFORK,
	[KEEPONFORK] = MADV_KEEPONFORK };

static const int attach_flags[ADDRESSES] = {
	[ROUNDED] = SHM_RND, [REPLACING] = SHM_REMAP, [REPLACING_ANY] = SHM_REMAP
};

/* The operation under way. */
static const struct scene *scene;
static const uint8_t *argument_of;

static char *
own_address(unsigned at)
{
	return scene->places + (size_t)at * scene->setting.unit;
}

/* Where a place is: the system may have chosen another address for what is mapped there. */
static char *
address(unsigned at)
{
	return mapped[at].start != NULL ? mapped[at].start : own_address(at);
}

static char *
place(void)
{
	return address(argument_of[AT]);
}

static size_t
length(void)
{
	return (argument_of[LONG] + 1U) * (size_t)scene->setting.unit;
}

static volatile char *
byte(void)
{
	return place() + offset_of(&scene->setting, 0, argument_of[SPOT]);
}

static unsigned
units_of(size_t size)
{
	return (unsigned)((size + scene->setting.unit - 1) / scene->setting.unit);
}

static void
take(char *start, size_t size, bool is_attachment)
{
	for (unsigned i = 0; i < units_of(size) && argument_of[AT] + i < PLACES; i++) {
		const size_t before = (size_t)i * scene->setting.unit;

		mapped[argument_of[AT] + i].start = start + before;
		mapped[argument_of[AT] + i].size = size - before;
		mapped[argument_of[AT] + i].attached_at = is_attachment ? start : NULL;
		mapped[argument_of[AT] + i].stays_behind = false;
	}
}

static struct answer
unmap(void)
{
	if (munmap(place(), length()) == -1)
		return FAILS(errno);
	for (unsigned i = argument_of[AT]; i <= argument_of[AT] + argument_of[LONG] && i < PLACES; i++)
		mapped[i].start = NULL;
	return SUCCEEDS;
}

/* Also where a part of the attachment is unmapped. */
static struct answer
detach(void)
{
	const char *start = place();

	if (shmdt(start) == -1)
		return FAILS(errno);
	for (unsigned i = 0; i < PLACES; i++)
		if (mapped[i].start != NULL && mapped[i].attached_at == start)
			mapped[i].start = NULL;
	return SUCCEEDS;
}

/* Whether this range has something of what is mapped at a place. */
static bool
is_taken(const char *start, size_t size)
{
	for (unsigned i = 0; i < PLACES; i++) {
		const size_t here = mapped[i].size < scene->setting.unit ? mapped[i].size : scene->setting.unit;

		if (mapped[i].start != NULL && start < mapped[i].start + here && mapped[i].start < start + size)
			return true;
	}
	return false;
}

/* An address that the system may choose is no place, for which an operation to come may ask. */
static bool
is_among_places(const char *start, size_t size)
{
	return start != own_address(argument_of[AT]) && start < own_address(PLACES) && own_address(0) < start + size;
}

/* Whether the system may choose another address than that of the place. */
static bool
system_chooses(void)
{
	return argument_of[ADDRESS] == ANY || argument_of[ADDRESS] == HINT || argument_of[ADDRESS] == NEIGHBOUR;
}

/* What the call gives, which was asked for the address of the place or for another one. */
static struct answer
answer_of_address(char *got, size_t size, bool is_attachment)
{
	enum chosen chosen = got == place() ? AT_PLACE : CHOSEN;

	if (got == (char *)-1)
		return FAILS(errno);
	if (system_chooses() && is_taken(got, size))
		chosen = CHOSEN_WRONGLY;
	take(got, size, is_attachment);
	return GIVES(chosen);
}

static char *
asked_address(void)
{
	switch (argument_of[ADDRESS]) {
	case ANY:
	case REPLACING_ANY:
		return NULL;
	case NEIGHBOUR:
		return address(argument_of[AT] - 1U);
	case ROUNDED:
	case UNALIGNED:
		return place() + attach_multiple() - 1;
	default:
		return place();
	}
}

static char *
map_at(char *asked, int descriptor)
{
	const int fixed = argument_of[ADDRESS] == PLACE ? MAP_FIXED : 0;
	const int sharing = argument_of[SHARING] == SHARED ? MAP_SHARED : MAP_PRIVATE;
	const int anonymous = argument_of[OF] == 0 ? MAP_ANONYMOUS : 0;

	return mmap(asked, length(), protections[argument_of[ACCESS]], fixed | sharing | anonymous, descriptor,
	    (off_t)argument_of[FROM] * (off_t)scene->setting.unit);
}

static struct answer
map(int descriptor)
{
	char *asked = asked_address();
	char *got = map_at(asked, descriptor);

	if (got != MAP_FAILED && system_chooses() && !is_taken(got, length()) && is_among_places(got, length())) {
		char *first = got;

		got = map_at(NULL, descriptor);
		munmap(first, length());
	}
	return answer_of_address(got, length(), false);
}

/* The bytes of its pages. */
static size_t
size_of_segment(int id)
{
	struct shmid_ds status = { .shm_segsz = 0 };

	shmctl(id, IPC_STAT, &status);
	return (status.shm_segsz + scene->setting.page - 1) / scene->setting.page * scene->setting.page;
}

static struct answer
attach(int id)
{
	const size_t size = size_of_segment(id);
	const int flags = (argument_of[ACCESS] == READ ? SHM_RDONLY : 0) | attach_flags[argument_of[ADDRESS]];
	char *asked = asked_address();
	char *got = shmat(id, asked, flags);

	if (got != (char *)-1 && system_chooses() && !is_taken(got, size) && is_among_places(got, size)) {
		char *first = got;

		got = shmat(id, NULL, flags);
		shmdt(first);
	}
	return answer_of_address(got, size, true);
}

static struct answer
advise(void)
{
	const enum advice advice = argument_of[ADVICE];

	if (madvise(place(), length(), advices[advice]) == -1)
		return FAILS(errno);
	for (unsigned i = argument_of[AT]; i <= argument_of[AT] + argument_of[LONG] && i < PLACES; i++)
		if (advice == DONTFORK || advice == DOFORK)
			mapped[i].stays_behind = advice == DONTFORK;
	return SUCCEEDS;
}

void
memory_inherit(void)
{
	for (unsigned i = 0; i < PLACES; i++)
		if (mapped[i].stays_behind)
			mapped[i].start = NULL;
}

/* A fault, with 1 as the second value if it names another address. */
static struct answer
fault_at(struct fault f)
{
	struct answer answer = FAULTS(f.signal, f.code);

	answer.value[1] = !is_address_of_fault(f, byte());
	return answer;
}

static struct answer
load(void)
{
	const struct fault f = fault_of_load(byte());

	return f.signal != 0 ? fault_at(f) : GIVES((unsigned char)*byte());
}

static struct answer
store(void)
{
	const struct fault f = fault_of_store(byte(), (char)(argument_of[VALUE] + 1));

	return f.signal != 0 ? fault_at(f) : SUCCEEDS;
}

struct answer
memory_do(const struct scene *s, const struct operation *o, int handle)
{
	scene = s;
	argument_of = o->arguments;
	switch (o->kind) {
	case SHMAT:
		return attach(handle);
	case SHMDT:
		return detach();
	case MMAP:
		return map(handle);
	case MUNMAP:
		return unmap();
	case MPROTECT:
		return answer_of_call(mprotect(place(), length(), protections[argument_of[ACCESS]]));
	case MSYNC:
		return answer_of_call(msync(place(), length(), sync_flags[argument_of[SYNC]]));
	case GUARD:
		return answer_of_call(madvise(place(), length(), MADV_GUARD_INSTALL));
	case UNGUARD:
		return answer_of_call(madvise(place(), length(), MADV_GUARD_REMOVE));
	case ADVISE:
		return advise();
	case MLOCK:
		return answer_of_call(mlock(place(), length()));
	case MUNLOCK:
		return answer_of_call(munlock(place(), length()));
	case LOCKED_BYTES:
		return GIVES(locked_bytes());
	case LOAD:
		return load();
	case STORE:
		return store();
	default:
		return FAILS(ENOSYS);
	}
}
