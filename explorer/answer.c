/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>

#include "answer.h"
#include "model/model.h"
#include "names.h"
#include "stage.h"

static const char *const users[USERS_AND_NOBODY] = { "the first user", "the other user", "nobody who is there" };
static const char *const addresses[] = {
	[AT_PLACE] = "the address of the place",
	[CHOSEN] = "an address of its choice",
	[CHOSEN_WRONGLY] = "an address where something is mapped",
};

static const char *
process_name(uint32_t number)
{
	static const char *const names[] = { "p0", "p1", "p2", "p3", "nobody", "another process" };

	return names[number < UNKNOWN_PROCESS ? number : UNKNOWN_PROCESS];
}

/* Of segments a time of modification is that of the detach. */
static const char *
times_of_other(uint32_t which)
{
	static const char *const texts[] = { "", ", but one time of access", ", but one of modification",
		", but those of access and modification", ", but one of change", ", but those of access and change",
		", but those of modification and change", ", but all" };

	return texts[which % 8];
}

static void
print_values(const struct operation *o, const struct answer *a, char *text, size_t size)
{
	switch (o->kind) {
	case IPC_STATUS:
		snprintf(text, size, "gives %u bytes and %u attachments", a->value[0], a->value[1]);
		break;
	case FSTAT:
	case FIND_OBJECT:
	case FIND_FILE:
	case LOCKED_BYTES:
		snprintf(text, size, "gives %u bytes", a->value[0]);
		break;
	case SHM_OPEN:
	case OPEN:
	case MEMFD_CREATE:
	case DUP:
		snprintf(text, size, "gives descriptor %u%s", a->value[0],
		    a->value[1] == 0 ? "" : ", whose number is not the lowest that is free");
		break;
	case IPC_MODE:
		snprintf(text, size, "gives mode %04o, %s as the owner, %s as the creator", a->value[0],
		    users[a->value[1] % USERS_AND_NOBODY], users[a->value[1] / USERS_AND_NOBODY % USERS_AND_NOBODY]);
		break;
	case FSTAT_MODE:
		snprintf(text, size, "gives mode %04o of %s", a->value[0], users[a->value[1] % USERS_AND_NOBODY]);
		break;
	case IPC_USERS:
		snprintf(text, size, "tells that %s made it, and %s used it last", process_name(a->value[0]),
		    process_name(a->value[1]));
		break;
	case IPC_TIMES:
		snprintf(text, size, "tells that it was %sattached and %sdetached%s",
		    a->value[0] & WAS_ATTACHED ? "" : "not ", a->value[0] & WAS_DETACHED ? "" : "not ",
		    times_of_other(a->value[1]));
		break;
	case FSTAT_TIMES:
		snprintf(text, size, "gives times of this round%s", times_of_other(a->value[0]));
		break;
	case LSEEK:
		snprintf(text, size, "gives the offset %u", a->value[0]);
		break;
	case GETFD:
		snprintf(text, size, "tells that exec %s it", a->value[0] == 0 ? "keeps" : "closes");
		break;
	case LOAD:
	case PEEK_SEGMENT:
	case PEEK_OBJECT:
	case PEEK_FILE:
		snprintf(text, size, "gives the value %u", a->value[0]);
		break;
	case READ_NEXT:
	case PREAD:
		if (a->value[0] == 1)
			snprintf(text, size, "gives the value %u", a->value[1]);
		else
			snprintf(text, size, "reads %u bytes", a->value[0]);
		break;
	case SHMGET:
	case FIND_SEGMENT:
		snprintf(text, size, "gives %s identifier", a->value[0] == 0 ? "another" : "the same");
		break;
	case MMAP:
	case SHMAT:
		if (o->arguments[ADDRESS] == PLACE || o->arguments[ADDRESS] > NEIGHBOUR)
			snprintf(text, size, a->value[0] == AT_PLACE ? "succeeds" : "gives another address");
		else
			snprintf(text, size, "gives %s", addresses[a->value[0]]);
		break;
	case WRITE_NEXT:
	case PWRITE:
		snprintf(text, size, "writes %u bytes", a->value[0]);
		break;
	default:
		if (a->value[0] == 0)
			snprintf(text, size, "succeeds");
		else
			snprintf(text, size, "returns %d", (int)a->value[0]);
	}
}

void
answer_print(const struct operation *o, const struct answer *a, char *text, size_t size)
{
	if (a->signal == ACTOR_DIED)
		snprintf(text, size, "ends the process");
	else if (a->signal == ACTOR_HANGS)
		snprintf(text, size, "does not return");
	else if (a->signal != 0)
		snprintf(text, size, "raises %s%s%s%s", signal_name(a->signal), a->code == ANY_CODE ? "" : " with ",
		    a->code == ANY_CODE ? "" : signal_code_name(a->signal, a->code),
		    a->value[1] == 0 ? "" : " at another address");
	else if (a->error != 0)
		snprintf(text, size, "fails with %s", errno_name(a->error));
	else
		print_values(o, a, text, size);
}
