/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "c_line.h"
#include "c_memory.h"
#include "c_step.h"
#include "names.h"
#include "platform/shm.h"

static const char *const sizes[SIZES] = { "0", "1", "unit", "unit + 1", "2 * unit", "3 * unit" };
static const char *const spots[SPOTS] = { "0", "unit / 2", "unit - 1" };
static const char *const creates[WAYS_TO_CREATE] = { "", "IPC_CREAT | ", "IPC_CREAT | IPC_EXCL | ", "" };
static const char *const opens[WAYS_TO_OPEN] = { "O_RDONLY", "O_RDWR", "O_RDWR | O_CREAT", "O_RDWR | O_CREAT | O_EXCL",
	"O_RDWR | O_TRUNC", "O_RDWR | O_CREAT | O_APPEND" };
static const char *const on_exec[FATES_ON_EXEC] = { "0", "FD_CLOEXEC" };
static const char *const bases[BASES] = { "SEEK_SET", "SEEK_CUR", "SEEK_END" };

void
c_step_comment(FILE *to, unsigned depth, const struct operation *o)
{
	char text[LINE_SIZE];

	operation_print(o, text, sizeof(text));
	c_line(to, depth, "/* %s */", text);
}

/* The calls about modes, users and times. */
static void
write_call_of_mode(FILE *to, unsigned depth, const struct operation *o)
{
	const uint8_t *a = o->arguments;

	switch (o->kind) {
	case IPC_SET_MODE:
		c_line(to, depth, "status.shm_perm.uid = geteuid();");
		c_line(to, depth, "status.shm_perm.gid = getegid();");
		c_line(to, depth, "shmctl(ids[%u], IPC_STAT, &status);", a[KEY]);
		if (a[GIVE_TO] != SAME_OWNER) {
			c_line(to, depth, "status.shm_perm.uid = users[%u];", a[GIVE_TO] - 1U);
			c_line(to, depth, "status.shm_perm.gid = groups[%u];", a[GIVE_TO] - 1U);
		}
		c_line(to, depth,
		    "status.shm_perm.mode = 07000 | %#o; /* the other bits are not stored, nor is this: */",
		    mode_bits(a[MODE]));
		c_line(to, depth, "status.shm_perm.cuid++;");
		c_line(to, depth, "status.shm_perm.cgid++;");
		c_line(to, depth, "status.shm_cpid++;");
		c_line(to, depth, "status.shm_segsz++;");
		c_line(to, depth, "status.shm_atime++;");
		c_line(to, depth, "status.shm_dtime++;");
		c_line(to, depth, "status.shm_ctime = 1;");
		c_line(to, depth, "result = shmctl(ids[%u], IPC_SET, &status);", a[KEY]);
		break;
	case IPC_MODE:
		c_line(to, depth, "result = shmctl(ids[%u], IPC_STAT, &status);", a[KEY]);
		c_line(to, depth, "if (result == 0) {");
		c_line(to, depth, "\tresult = status.shm_perm.mode & %#o;", SHM_DEST != 0 ? 07777U : 01777U);
		c_line(to, depth, "\tsecond = user_of(status.shm_perm.uid, status.shm_perm.gid) +");
		c_line(to, depth, "\t    3 * user_of(status.shm_perm.cuid, status.shm_perm.cgid);");
		c_line(to, depth, "}");
		break;
	case IPC_USERS:
		c_line(to, depth, "result = shmctl(ids[%u], IPC_STAT, &status);", a[KEY]);
		c_line(to, depth, "if (result == 0) {");
		c_line(to, depth, "\tresult = number_of(status.shm_cpid);");
		c_line(to, depth, "\tsecond = number_of(status.shm_lpid);");
		c_line(to, depth, "}");
		break;
	case IPC_TIMES:
		c_line(to, depth, "result = shmctl(ids[%u], IPC_STAT, &status);", a[KEY]);
		c_line(to, depth, "if (result == 0) {");
		c_line(to, depth, "\tresult = (status.shm_atime != 0) + 2 * (status.shm_dtime != 0);");
		c_line(to, depth, "\tsecond = (status.shm_atime != 0 && is_wrong(status.shm_atime)) +");
		c_line(to, depth, "\t    2 * (status.shm_dtime != 0 && is_wrong(status.shm_dtime)) +");
		c_line(to, depth, "\t    4 * is_wrong(status.shm_ctime);");
		c_line(to, depth, "}");
		break;
	case FSTAT_TIMES:
		c_line(to, depth, "result = fstat(fds[%u], &size);", a[DESCRIPTOR]);
		c_line(to, depth, "if (result == 0)");
		c_line(to, depth, "\tresult = is_wrong(size.st_atime) + 2 * is_wrong(size.st_mtime) +");
		c_line(to, depth, "\t    4 * is_wrong(size.st_ctime);");
		break;
	case FSTAT_MODE:
		c_line(to, depth, "result = fstat(fds[%u], &size);", a[DESCRIPTOR]);
		c_line(to, depth, "if (result == 0) {");
		c_line(to, depth, "\tresult = size.st_mode & 0777;");
		c_line(to, depth, "\tsecond = size.st_uid == users[0] ? 0 : size.st_uid == users[1] ? 1 : 2;");
		c_line(to, depth, "}");
		break;
	case FCHMOD:
		c_line(to, depth, "result = fchmod(fds[%u], %#o);", a[DESCRIPTOR], mode_bits(a[MODE]));
		break;
	default:
		c_line(to, depth,
		    "result = setgroups(0, NULL) == -1 || setegid(groups[1]) == -1 || seteuid(users[1]) == -1");
		c_line(to, depth, "    ? -1 : 0;");
		break;
	}
}

/* The calls about files and objects. */
static void
write_call_of_descriptor(FILE *to, unsigned depth, const struct operation *o)
{
	const uint8_t *a = o->arguments;

	switch (o->kind) {
	case SHM_OPEN:
		c_line(to, depth, "result = keep(shm_open(objects[%u], %s, %#o));", a[NAME], opens[a[OPENS]],
		    mode_bits(a[MODE]));
		break;
	case SHM_UNLINK:
		c_line(to, depth, "result = shm_unlink(objects[%u]);", a[NAME]);
		break;
	case FIND_OBJECT:
		c_line(to, depth, "result = shm_open(objects[%u], O_RDONLY, 0);", a[NAME]);
		c_line(to, depth, "if (result != -1)");
		c_line(to, depth, "\tresult = fstat((int)result, &size) == -1 ? -1 : (long)size.st_size;");
		break;
	case FIND_FILE:
		c_line(to, depth, "result = stat(files[%u], &size);", a[NAME]);
		c_line(to, depth, "if (result == 0)");
		c_line(to, depth, "\tresult = (long)size.st_size;");
		break;
	case OPEN:
		c_line(to, depth, "result = keep(open(files[%u], %s%s, %#o));", a[NAME], opens[a[OPENS]],
		    a[ON_EXEC] == CLOSED_ON_EXEC ? " | O_CLOEXEC" : "", mode_bits(a[MODE]));
		break;
	case MEMFD_CREATE:
		c_line(to, depth, "result = keep(memfd_create(\"explorer\", %s));",
		    a[ON_EXEC] == CLOSED_ON_EXEC ? "MFD_CLOEXEC" : "0");
		break;
	case UNLINK:
		c_line(to, depth, "result = unlink(files[%u]);", a[NAME]);
		break;
	case FTRUNCATE:
		c_line(to, depth, "result = ftruncate(fds[%u], (off_t)(%s));", a[DESCRIPTOR], sizes[a[SIZE]]);
		break;
	case FSTAT:
		c_line(to, depth, "result = fstat(fds[%u], &size);", a[DESCRIPTOR]);
		c_line(to, depth, "if (result == 0)");
		c_line(to, depth, "\tresult = (long)size.st_size;");
		break;
	case CLOSE:
		c_line(to, depth, "result = close(fds[%u]);", a[DESCRIPTOR]);
		c_line(to, depth, "fds[%u] = -1;", a[DESCRIPTOR]);
		break;
	case DUP:
		c_line(to, depth, "result = keep(dup(fds[%u]));", a[DESCRIPTOR]);
		break;
	case GETFD:
		c_line(to, depth, "result = fcntl(fds[%u], F_GETFD);", a[DESCRIPTOR]);
		c_line(to, depth, "if (result != -1)");
		c_line(to, depth, "\tresult = (result & FD_CLOEXEC) != 0;");
		break;
	case SETFD:
		c_line(to, depth, "result = fcntl(fds[%u], F_SETFD, %s);", a[DESCRIPTOR], on_exec[a[ON_EXEC]]);
		break;
	case LSEEK:
		c_line(to, depth, "result = (long)lseek(fds[%u], (off_t)(%u * unit + %s), %s);", a[DESCRIPTOR], a[FROM],
		    spots[a[SPOT]], bases[a[WHERE]]);
		break;
	case READ_NEXT:
		c_line(to, depth, "byte = 0;");
		c_line(to, depth, "result = read(fds[%u], &byte, 1);", a[DESCRIPTOR]);
		c_line(to, depth, "second = byte;");
		break;
	case WRITE_NEXT:
		c_line(to, depth, "byte = %u;", a[VALUE] + 1U);
		c_line(to, depth, "result = write(fds[%u], &byte, 1);", a[DESCRIPTOR]);
		break;
	case PREAD:
		c_line(to, depth, "byte = 0;");
		c_line(to, depth, "result = pread(fds[%u], &byte, 1, (off_t)(%u * unit + %s));", a[DESCRIPTOR], a[FROM],
		    spots[a[SPOT]]);
		c_line(to, depth, "second = byte;");
		break;
	default:
		c_line(to, depth, "byte = %u;", a[VALUE] + 1U);
		c_line(to, depth, "result = pwrite(fds[%u], &byte, 1, (off_t)(%u * unit + %s));", a[DESCRIPTOR],
		    a[FROM], spots[a[SPOT]]);
		break;
	}
}

/* The mapping or attachment is at "p". */
static void
write_peek(FILE *to, unsigned depth, const uint8_t *a, const char *end)
{
	c_line(to, depth, "\tresult = load(p + %u * unit + %s);", a[FROM], spots[a[SPOT]]);
	c_line(to, depth, "\t%s", end);
	c_line(to, depth, "}");
}

static void
write_peek_at_name(FILE *to, unsigned depth, const struct operation *o)
{
	const uint8_t *a = o->arguments;

	c_line(to, depth, "{");
	if (o->kind == PEEK_OBJECT)
		c_line(to, depth, "\tint fd = shm_open(objects[%u], O_RDONLY, 0);", a[NAME]);
	else
		c_line(to, depth, "\tint fd = open(files[%u], O_RDONLY);", a[NAME]);
	c_line(to, depth, "\tchar *p = mmap(NULL, 3 * unit, PROT_READ, MAP_SHARED, fd, 0);");
	fputc('\n', to);
	write_peek(to, depth, a, "close(fd);");
}

static void
write_call_of_segment(FILE *to, unsigned depth, const struct operation *o)
{
	const uint8_t *a = o->arguments;

	switch (o->kind) {
	case SHMGET:
		if (a[CREATES] == CREATES_PRIVATE)
			c_line(to, depth, "result = shmget(IPC_PRIVATE, %s, %#o);", sizes[a[SIZE]], mode_bits(a[MODE]));
		else
			c_line(to, depth, "result = shmget(keys[%u], %s, %s%#o);", a[KEY], sizes[a[SIZE]],
			    creates[a[CREATES]], mode_bits(a[MODE]));
		c_line(to, depth, "if (result != -1) {");
		c_line(to, depth, "\tint is_same = ids[%u] == (int)result;", a[KEY]);
		fputc('\n', to);
		c_line(to, depth, "\tids[%u] = (int)result;", a[KEY]);
		if (a[CREATES] == CREATES_PRIVATE) {
			c_line(to, depth, "\tif (write(made[1], &ids[%u], sizeof(int)) != sizeof(int))", a[KEY]);
			c_line(to, depth, "\t\t_exit(2);");
		}
		c_line(to, depth, "\tresult = is_same;");
		c_line(to, depth, "}");
		break;
	case PEEK_SEGMENT:
		c_line(to, depth, "{");
		c_line(to, depth, "\tchar *p = shmat(shmget(keys[%u], 0, 0), NULL, SHM_RDONLY);", a[KEY]);
		fputc('\n', to);
		write_peek(to, depth, a, "shmdt(p);");
		break;
	case FIND_SEGMENT:
		c_line(to, depth, "result = shmget(keys[%u], 0, 0);", a[KEY]);
		c_line(to, depth, "if (result != -1)");
		c_line(to, depth, "\tresult = ids[%u] == (int)result;", a[KEY]);
		break;
	case IPC_STATUS:
		c_line(to, depth, "result = shmctl(ids[%u], IPC_STAT, &status);", a[KEY]);
		c_line(to, depth, "if (result == 0) {");
		c_line(to, depth, "\tresult = (long)status.shm_segsz;");
		c_line(to, depth, "\tsecond = (long)status.shm_nattch;");
		c_line(to, depth, "}");
		break;
	default:
		c_line(to, depth, "result = shmctl(ids[%u], IPC_RMID, NULL);", a[KEY]);
		break;
	}
}

static void
write_call(FILE *to, unsigned depth, const struct operation *o)
{
	const uint8_t *a = o->arguments;

	switch (o->kind) {
	case SHMGET:
	case IPC_STATUS:
	case IPC_REMOVE:
	case FIND_SEGMENT:
	case PEEK_SEGMENT:
		write_call_of_segment(to, depth, o);
		break;
	case IPC_SET_MODE:
	case IPC_MODE:
	case IPC_USERS:
	case IPC_TIMES:
	case FSTAT_TIMES:
	case FSTAT_MODE:
	case FCHMOD:
	case BECOME_OTHER:
		write_call_of_mode(to, depth, o);
		break;
	case PEEK_OBJECT:
	case PEEK_FILE:
		write_peek_at_name(to, depth, o);
		break;
	case SHMAT:
	case SHMDT:
	case MMAP:
	case MUNMAP:
	case MPROTECT:
	case MSYNC:
	case GUARD:
	case UNGUARD:
	case ADVISE:
	case MLOCK:
	case MUNLOCK:
	case LOCKED_BYTES:
	case LOAD:
	case STORE:
		c_memory(to, depth, o);
		break;
	case VFORK_EXIT:
		c_line(to, depth, "result = end_in_vfork();");
		break;
	case KILL:
		c_line(to, depth, "result = kill(children[%u], SIGKILL);", a[PROCESS]);
		c_line(to, depth, "waitpid(children[%u], NULL, 0);", a[PROCESS]);
		break;
	default:
		write_call_of_descriptor(to, depth, o);
		break;
	}
}

void
c_step(FILE *to, unsigned depth, const struct operation *o)
{
	if (o->arguments[SIGNALS] != 0)
		c_line(to, depth, "signals_begin();");
	write_call(to, depth, o);
	if (o->arguments[SIGNALS] != 0)
		c_line(to, depth, "signals_end();");
}

static void
write_condition(FILE *to, const struct operation *o, const struct answer *a)
{
	const bool gives_two = o->kind == IPC_STATUS || o->kind == PREAD || o->kind == READ_NEXT ||
	    o->kind == IPC_USERS || o->kind == IPC_TIMES;
	const bool gives_address = o->kind == MMAP || o->kind == SHMAT;

	if (a->error != 0)
		fprintf(to, "(result == -1 && errno == %s)", errno_name(a->error));
	else if (a->signal != 0)
		fprintf(to, "result == FAULT + %s", signal_name(a->signal));
	else if (gives_address)
		c_memory_condition(to, o, a);
	else if (o->kind == IPC_MODE || o->kind == FSTAT_MODE)
		fprintf(to, "(result == %#o && second == %u)", a->value[0], a->value[1]);
	else if (gives_two)
		fprintf(to, "(result == %u && second == %u)", a->value[0], a->value[1]);
	else
		fprintf(to, "result == %u", a->value[0]);
}

void
c_check(FILE *to, unsigned depth, const struct round *r)
{
	const struct operation *last = &r->script.operations[r->script.count - 1];

	for (unsigned i = 0; i < depth; i++)
		fputc('\t', to);
	fputs("is_kept = ", to);
	for (unsigned i = 0; i < r->allowed.count; i++) {
		if (i > 0)
			fputs(" || ", to);
		write_condition(to, last, &r->allowed.list[i].answer);
	}
	fputs(";\n", to);
	c_line(to, depth, "if (!is_kept)");
	c_line(to, depth, "\tfprintf(stderr, \"the last call gives %%ld (%%s)\\n\", result, strerror(errno));");
}
