/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>

#include "c_line.h"
#include "c_memory.h"

static const char *const spots[SPOTS] = { "0", "unit / 2", "unit - 1" };
static const char *const accesses[] = { "PROT_NONE", "PROT_READ", "PROT_READ | PROT_WRITE" };
static const char *const sharings[WAYS_TO_SHARE] = { "MAP_SHARED", "MAP_PRIVATE" };
static const char *const syncs[WAYS_TO_SYNC] = { "MS_SYNC", "MS_SYNC | MS_INVALIDATE", "MS_ASYNC" };

static const char *const advices[ADVICES] = { "MADV_DONTNEED", "MADV_DONTFORK", "MADV_DOFORK", "MADV_WIPEONFORK",
	"MADV_KEEPONFORK" };

/* Whether the system chooses addresses in the program, which then notes them; and whether children lack some. */
static bool chooses;
static bool keeps_back;

void
c_memory_begin(bool system_chooses, bool advises)
{
	chooses = system_chooses;
	keeps_back = system_chooses && advises;
}

void
c_memory_inherit(FILE *to, unsigned depth)
{
	if (!keeps_back)
		return;
	c_line(to, depth, "for (int i = 0; i < 6; i++)");
	c_line(to, depth, "\tif (stays_behind[i])");
	c_line(to, depth, "\t\tmapped[i] = NULL;");
}

/* The address of a place. Static memory. */
static const char *
place(unsigned at)
{
	static char text[32];

	snprintf(text, sizeof(text), chooses ? "place(%u)" : "places + %u * unit", at);
	return text;
}

static void
write_advice(FILE *to, unsigned depth, const uint8_t *a)
{
	c_line(to, depth, "result = madvise(%s, %u * unit, %s);", place(a[AT]), a[LONG] + 1U, advices[a[ADVICE]]);
	if (!keeps_back || (a[ADVICE] != DONTFORK && a[ADVICE] != DOFORK))
		return;
	c_line(to, depth, "for (int i = %u; result == 0 && i <= %u; i++)", a[AT], a[AT] + a[LONG]);
	c_line(to, depth, "\tstays_behind[i] = %d;", a[ADVICE] == DONTFORK);
}

/* Static memory. */
static const char *
attach_flags(const uint8_t *a)
{
	static char text[40];
	const char *access = a[ACCESS] == READ ? "SHM_RDONLY | " : "";

	if (a[ADDRESS] == ROUNDED)
		snprintf(text, sizeof(text), "%sSHM_RND", access);
	else if (a[ADDRESS] >= REPLACING)
		snprintf(text, sizeof(text), "%sSHM_REMAP", access);
	else
		snprintf(text, sizeof(text), "%s", a[ACCESS] == READ ? "SHM_RDONLY" : "0");
	return text;
}

/* The address that mmap() or shmat() is asked for. */
static const char *
asked_address(const uint8_t *a)
{
	if (a[ADDRESS] == ANY || a[ADDRESS] == REPLACING_ANY)
		return "NULL";
	return place(a[ADDRESS] == NEIGHBOUR ? a[AT] - 1U : a[AT]);
}

static void
write_mmap(FILE *to, unsigned depth, const uint8_t *a)
{
	const char *access = accesses[a[ACCESS]];
	const char *sharing = sharings[a[SHARING]];
	const char *fixed = a[ADDRESS] == PLACE ? "MAP_FIXED | " : "";

	c_line(to, depth, "result = (long)mmap(%s, %u * unit, %s,", asked_address(a), a[LONG] + 1U, access);
	if (a[OF] == 0)
		c_line(to, depth, "    %s%s | MAP_ANONYMOUS, -1, 0);", fixed, sharing);
	else
		c_line(to, depth, "    %s%s, fds[%u], (off_t)(%u * unit));", fixed, sharing, a[OF] - 1U, a[FROM]);
	if (chooses)
		c_line(to, depth, "second = take(%u, %u * unit, 0);", a[AT], a[LONG] + 1U);
}

void
c_memory(FILE *to, unsigned depth, const struct operation *o)
{
	const uint8_t *a = o->arguments;

	switch (o->kind) {
	case SHMAT:
		c_line(to, depth, "result = (long)shmat(ids[%u], %s%s, %s);", a[KEY], asked_address(a),
		    a[ADDRESS] == ROUNDED || a[ADDRESS] == UNALIGNED ? " + SHMLBA - 1" : "", attach_flags(a));
		if (chooses)
			c_line(to, depth, "second = take(%u, size_of(ids[%u]), 1);", a[AT], a[KEY]);
		break;
	case SHMDT:
		c_line(to, depth, "result = %s(%s);", chooses ? "detach" : "shmdt", place(a[AT]));
		break;
	case MMAP:
		write_mmap(to, depth, a);
		break;
	case MUNMAP:
		c_line(to, depth, "result = munmap(%s, %u * unit);", place(a[AT]), a[LONG] + 1U);
		if (chooses)
			c_line(to, depth, "gone(%u, %u);", a[AT], a[LONG] + 1U);
		break;
	case MPROTECT:
		c_line(to, depth, "result = mprotect(%s, %u * unit, %s);", place(a[AT]), a[LONG] + 1U,
		    accesses[a[ACCESS]]);
		break;
	case MSYNC:
		c_line(to, depth, "result = msync(%s, %u * unit, %s);", place(a[AT]), a[LONG] + 1U, syncs[a[SYNC]]);
		break;
	case GUARD:
		c_line(to, depth, "result = madvise(%s, %u * unit, 102); /* MADV_GUARD_INSTALL */", place(a[AT]),
		    a[LONG] + 1U);
		break;
	case UNGUARD:
		c_line(to, depth, "result = madvise(%s, %u * unit, 103); /* MADV_GUARD_REMOVE */", place(a[AT]),
		    a[LONG] + 1U);
		break;
	case ADVISE:
		write_advice(to, depth, a);
		break;
	case MLOCK:
		c_line(to, depth, "result = mlock(%s, %u * unit);", place(a[AT]), a[LONG] + 1U);
		break;
	case MUNLOCK:
		c_line(to, depth, "result = munlock(%s, %u * unit);", place(a[AT]), a[LONG] + 1U);
		break;
	case LOCKED_BYTES:
		c_line(to, depth, "result = locked_bytes();");
		break;
	case LOAD:
		c_line(to, depth, "result = load(%s + %s);", place(a[AT]), spots[a[SPOT]]);
		break;
	default:
		c_line(to, depth, "result = store(%s + %s, %u);", place(a[AT]), spots[a[SPOT]], a[VALUE] + 1U);
		break;
	}
}

void
c_memory_condition(FILE *to, const struct operation *o, const struct answer *a)
{
	if (chooses)
		fprintf(to, "second == %u", a->value[0]);
	else
		fprintf(to, "result == (long)(%s)", place(o->arguments[AT]));
}
