/* SPDX-License-Identifier: BSD-2-Clause */

#include "c_parts.h"

/* A part of the program, and the operations for which it is there; 0: it always is. */
struct part {
	uint64_t needed_by;
	const char *text;
};

static const struct part declarations[] = {
	{ 0, "#define _GNU_SOURCE\n#include <errno.h>\n" },
	{ ABOUT_DESCRIPTORS | MAKES_PRIVATE | ONLY(FIND_OBJECT) | ONLY(PEEK_OBJECT) | ONLY(PEEK_FILE),
	    "#include <fcntl.h>\n" },
	{ ONLY(BECOME_OTHER), "#include <grp.h>\n" },
	{ LOADS | ONLY(STORE), "#include <setjmp.h>\n" },
	{ LOADS | ONLY(STORE) | INTERRUPTED, "#include <signal.h>\n" },
	{ ONLY(SPAWN), "#include <spawn.h>\n" },
	{ 0, "#include <stdint.h>\n#include <stdio.h>\n" },
	{ STARTS_AGAIN, "#include <stdlib.h>\n" },
	{ 0, "#include <string.h>\n" },
	{ TELLS_TIMES, "#include <time.h>\n" },
	{ 0, "#include <unistd.h>\n\n" },
	{ ABOUT_SEGMENTS, "#include <sys/ipc.h>\n" },
	{ 0, "#include <sys/mman.h>\n#include <sys/shm.h>\n" },
	{ TELLS_STAT | OPENS_ONE | ONLY(FCHMOD), "#include <sys/stat.h>\n" },
	{ INTERRUPTED, "#include <sys/time.h>\n" },
	{ ABOUT_PROCESSES | ONLY(VFORK_EXIT), "#include <sys/wait.h>\n" },
	{ 0, "\n" },
	{ ABOUT_PLACES, "#ifndef MAP_ANONYMOUS\n#define MAP_ANONYMOUS MAP_ANON\n#endif\n\n" },
	{ LOADS | ONLY(STORE),
	    "/* What load() and store() give when the access raises a signal: this and its number. */\n"
	    "enum { FAULT = 1000 };\n\n" },
	{ ABOUT_PLACES, "static char *places; /* where everything is mapped: free at first */\n" },
	{ CHOOSES,
	    "static char *mapped[6]; /* where something is mapped at a place, or null */\n"
	    "static size_t sizes[6]; /* of what one call has mapped from there on */\n"
	    "static char *attached[6]; /* where the attachment begins, or null */\n" },
	{ CHOOSES_ADVICE, "static int stays_behind[6]; /* children do not have it */\n" },
	{ ABOUT_UNITS, "static size_t unit;\n" },
	{ ABOUT_SEGMENTS, "static key_t keys[2];\n" },
	{ MAKES_PRIVATE, "static int made[2]; /* a pipe that tells of segments that no key finds */\n" },
	{ ABOUT_IDENTIFIERS, "static int ids[2] = { -1, -1 };\n" },
	{ TELLS_STATUS, "static struct shmid_ds status;\n" },
	{ ABOUT_OBJECTS, "static char objects[2][40];\n" },
	{ ABOUT_FILES, "static char files[2][40];\n" },
	{ ABOUT_DESCRIPTORS, "static int fds[3] = { -1, -1, -1 };\n" },
	{ TELLS_STAT, "static struct stat size;\n" },
	{ READS | WRITES, "static unsigned char byte;\n" },
	{ ABOUT_NAMES, "static int own; /* the number of the process that made up the keys and names */\n" },
	{ ABOUT_PROCESSES, "static int children[4];\n" },
	{ TELLS_USER | ONLY(BECOME_OTHER) | ONLY(IPC_SET_MODE),
	    "/* Who runs this, and a user that nobody is. */\n"
	    "static uid_t users[2] = { 0, 65523 };\nstatic gid_t groups[2] = { 0, 65521 };\n" },
	{ ONLY(IPC_USERS), "static int known[4]; /* the processes, by what each one tells the next */\n" },
	{ TELLS_TIMES, "static time_t start;\n" },
	{ 0, "static long result; /* of the last call */\n" },
	{ ONLY(IPC_STATUS) | READS | TELLS_USER | ONLY(IPC_USERS) | ONLY(IPC_TIMES) | CHOOSES,
	    "static long second;\n" },
	{ 0, "static int is_kept; /* the promise */\n\n" },
};

static const struct part functions[] = {
	{ LOADS | ONLY(STORE),
	    "static sigjmp_buf before_access;\n\n"
	    "static void\nfault(int number)\n{\n\tsiglongjmp(before_access, number);\n}\n\n" },
	{ LOADS,
	    "static long\nload(volatile char *at)\n{\n\tint number = sigsetjmp(before_access, 1);\n\n"
	    "\treturn number == 0 ? (unsigned char)*at : FAULT + number;\n}\n\n" },
	{ ONLY(STORE),
	    "static long\nstore(volatile char *at, char value)\n{\n\tint number = sigsetjmp(before_access, 1);\n\n"
	    "\tif (number == 0)\n\t\t*at = value;\n\treturn number == 0 ? 0 : FAULT + number;\n}\n\n" },
	{ KEEPS_ONE,
	    "/* Keep a descriptor as the first that is free of ours. */\n"
	    "static long\nkeep(int fd)\n{\n\tfor (int i = 0; fd != -1 && i < 3; i++)\n"
	    "\t\tif (fds[i] == -1) {\n\t\t\tfds[i] = fd;\n"
	    "\t\t\tfor (int lower = 0; lower < fd; lower++)\n\t\t\t\tif (fcntl(lower, F_GETFD) == -1)\n"
	    "\t\t\t\t\treturn 10 + i; /* a lower number is free */\n"
	    "\t\t\treturn i;\n\t\t}\n\treturn fd;\n}\n\n" },
	{ ABOUT_PROCESSES,
	    "/* The processes take turns, by pipes. They stay until main() closes the pipe \"end\". */\n"
	    "static int turns[4][2], verdict[2], end[2];\n\n" },
	{ TELLS_PROCESSES,
	    "static void\nturn_to(int process)\n{\n\tif (write(turns[process][1], known, sizeof(known)) != "
	    "sizeof(known))\n"
	    "\t\t_exit(2);\n}\n\n"
	    "static void\nmy_turn(int process)\n{\n\tint now[4];\n\n"
	    "\tif (read(turns[process][0], now, sizeof(now)) != sizeof(now))\n\t\t_exit(2);\n"
	    "\tfor (int i = 0; i < 4; i++)\n\t\tif (now[i] != 0)\n\t\t\tknown[i] = now[i];\n}\n\n" },
	{ TAKES_TURNS,
	    "static void\nturn_to(int process)\n{\n\tif (write(turns[process][1], \"t\", 1) != 1)\n\t\t_exit(2);\n}\n\n"
	    "static void\nmy_turn(int process)\n{\n\tchar turn;\n\n"
	    "\tif (read(turns[process][0], &turn, 1) != 1)\n\t\t_exit(2);\n}\n\n" },
	{ ABOUT_PROCESSES,
	    "static void\nstay(void)\n{\n\tchar nothing;\n\n"
	    "\twhile (read(end[0], &nothing, 1) > 0)\n\t\t;\n\t_exit(0);\n}\n\n" },
	{ ONLY(LOCKED_BYTES),
	    "/* What Linux tells of this process. */\n"
	    "static long\nlocked_bytes(void)\n{\n\tFILE *file = fopen(\"/proc/self/status\", \"r\");\n"
	    "\tchar line[256];\n\tlong kilobytes = -1;\n\n"
	    "\twhile (file != NULL && fgets(line, sizeof(line), file) != NULL)\n"
	    "\t\tif (sscanf(line, \"VmLck: %ld\", &kilobytes) == 1)\n\t\t\tbreak;\n"
	    "\tif (file != NULL)\n\t\tfclose(file);\n\treturn kilobytes == -1 ? -1 : kilobytes * 1024;\n}\n\n" },
	{ ONLY(IPC_MODE),
	    "static long\nuser_of(uid_t user, gid_t group)\n{\n\tfor (int i = 0; i < 2; i++)\n"
	    "\t\tif (user == users[i] && group == groups[i])\n\t\t\treturn i;\n\treturn 2;\n}\n\n" },
	{ ONLY(IPC_USERS),
	    "/* Of a process: from 0 to 3; 4 is none, 5 another. */\n"
	    "static long\nnumber_of(pid_t process)\n{\n\tfor (int i = 0; process != 0 && i < 4; i++)\n"
	    "\t\tif (process == known[i])\n\t\t\treturn i;\n\treturn process == 0 ? 4 : 5;\n}\n\n" },
	{ ONLY(VFORK_EXIT),
	    "static long\nend_in_vfork(void)\n{\n\tpid_t child = vfork();\n\n"
	    "\tif (child == 0)\n\t\t_exit(0);\n"
	    "\treturn child == -1 || waitpid(child, NULL, 0) == -1 ? -1 : 0;\n}\n\n" },
	{ TELLS_TIMES, "static long\nis_wrong(time_t at)\n{\n\treturn at < start || at > time(NULL) + 1;\n}\n\n" },
	{ INTERRUPTED,
	    "/* Signals arrive after a microsecond and ever later, and their handler does nothing else. */\n"
	    "static volatile sig_atomic_t next_time;\n\n"
	    "static void\nset_timer(int microseconds)\n{\n"
	    "\tstruct itimerval timer = { .it_value = { .tv_usec = microseconds } };\n\n"
	    "\tsetitimer(ITIMER_REAL, &timer, NULL);\n}\n\n"
	    "static void\ninterrupt(int number)\n{\n\t(void)number;\n"
	    "\tif (next_time == 0 || next_time > 512)\n\t\treturn;\n"
	    "\tnext_time *= 2;\n\tset_timer(next_time);\n}\n\n"
	    "static void\nsignals_begin(void)\n{\n\tstruct sigaction action = { .sa_handler = interrupt };\n\n"
	    "\tsigaction(SIGALRM, &action, NULL);\n\tnext_time = 1;\n\tset_timer(1);\n}\n\n"
	    "static void\nsignals_end(void)\n{\n\tint error = errno;\n\n\tnext_time = 0;\n\tset_timer(0);\n"
	    "\terrno = error;\n}\n\n" },
	{ CHOOSES,
	    "static char *\nplace(int at)\n{\n\treturn mapped[at] != NULL ? mapped[at] : places + at * unit;\n}\n\n"
	    "/* Note what the last call has mapped. Returns 0 where it is the address of the place, 1 where it is "
	    "another one,\n"
	    "   and 2 where something is mapped already. */\n"
	    "static long\ntake(int at, size_t size, int is_attachment)\n{\n\tchar *p = (char *)result;\n\tlong answer "
	    "= p != "
	    "place(at);\n\n"
	    "\tif (result == -1)\n\t\treturn -1;\n"
	    "\tfor (int i = 0; i < 6 && answer != 0; i++)\n"
	    "\t\tif (mapped[i] != NULL && p < mapped[i] + (sizes[i] < unit ? sizes[i] : unit) &&\n"
	    "\t\t    mapped[i] < p + size)\n"
	    "\t\t\tanswer = 2;\n"
	    "\tfor (size_t i = 0; i * unit < size; i++) {\n\t\tmapped[at + i] = p + i * unit;\n"
	    "\t\tsizes[at + i] = size - i * unit;\n\t\tattached[at + i] = is_attachment ? p : NULL;\n" },
	{ CHOOSES_ADVICE, "\t\tstays_behind[at + i] = 0;\n" },
	{ CHOOSES, "\t}\n\treturn answer;\n}\n\n" },
	{ CHOOSES_UNMAP,
	    "static void\ngone(int at, int units)\n{\n"
	    "\tfor (int i = at; result == 0 && i < at + units; i++)\n\t\tmapped[i] = NULL;\n}\n\n" },
	{ CHOOSES_DETACH,
	    "static long\ndetach(char *p)\n{\n\tlong answer = shmdt(p);\n\n"
	    "\tfor (int i = 0; answer == 0 && i < 6; i++)\n"
	    "\t\tif (attached[i] == p)\n\t\t\tmapped[i] = attached[i] = NULL;\n\treturn answer;\n}\n\n" },
	{ CHOOSES_ATTACH,
	    "static size_t\nsize_of(int id)\n{\n\tconst size_t page = (size_t)sysconf(_SC_PAGESIZE);\n"
	    "\tstruct shmid_ds segment = { .shm_segsz = 0 };\n\n"
	    "\tshmctl(id, IPC_STAT, &segment);\n\treturn (segment.shm_segsz + page - 1) / page * page;\n}\n\n" },
	{ 0, "static void\nprepare(void)\n{\n" },
	{ LOADS | ONLY(STORE),
	    "\tstruct sigaction action = { .sa_handler = fault };\n\n"
	    "\tsigaction(SIGSEGV, &action, NULL);\n\tsigaction(SIGBUS, &action, NULL);\n" },
	{ ABOUT_UNITS, "\tunit = PAGES_OF_UNIT * (size_t)sysconf(_SC_PAGESIZE);\n" },
	{ ABOUT_PLACES,
	    "\tif (places == NULL) {\n"
	    "\t\tplaces = mmap(NULL, 24 * unit + 2 * SHMLBA, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\n"
	    "\t\tmunmap(places, 24 * unit + 2 * SHMLBA);\n"
	    "\t\tplaces += 8 * unit; /* what the system puts at an address of its choice is above or below */\n"
	    "\t\tplaces += SHMLBA - (uintptr_t)places % SHMLBA;\n\t}\n" },
	{ TELLS_USER | ONLY(IPC_SET_MODE), "\tusers[0] = geteuid();\n\tgroups[0] = getegid();\n" },
	{ OPENS_ONE, "\tumask(022);\n" },
	{ MAKES_PRIVATE, "\tif (own == 0 && pipe(made) == -1)\n\t\t_exit(2);\n" },
	{ TELLS_TIMES, "\tif (own == 0)\n\t\tstart = time(NULL);\n" },
	{ ABOUT_NAMES, "\tif (own == 0)\n\t\town = (int)getpid();\n\tfor (int i = 0; i < 2; i++) {\n" },
	{ ABOUT_SEGMENTS, "\t\tkeys[i] = (key_t)(own * 2 + i + 1);\n" },
	{ ABOUT_OBJECTS, "\t\tsnprintf(objects[i], sizeof(objects[i]), \"/object-%d-%d\", own, i);\n" },
	{ ABOUT_FILES, "\t\tsnprintf(files[i], sizeof(files[i]), \"file-%d-%d\", own, i);\n" },
	{ ABOUT_NAMES, "\t}\n" },
	{ 0, "}\n\nstatic void\nclean_up(void)\n{\n" },
	{ ABOUT_NAMES, "\tfor (int i = 0; i < 2; i++) {\n" },
	{ ABOUT_SEGMENTS, "\t\tshmctl(shmget(keys[i], 0, 0), IPC_RMID, NULL);\n" },
	{ ABOUT_OBJECTS, "\t\tshm_unlink(objects[i]);\n" },
	{ ABOUT_FILES, "\t\tunlink(files[i]);\n" },
	{ ABOUT_NAMES, "\t}\n" },
	{ MAKES_PRIVATE,
	    "\tfcntl(made[0], F_SETFL, O_NONBLOCK);\n"
	    "\tfor (int id; read(made[0], &id, sizeof(id)) == sizeof(id);)\n\t\tshmctl(id, IPC_RMID, NULL);\n" },
	{ 0, "}\n\n" },
};

/* Of a program that starts itself again. */
static const struct part image[] = {
	{ 0,
	    "/* Who starts this program again tells it in the arguments what exec keeps. */\n"
	    "static char *program;\nstatic int step; /* at which it goes on */\nstatic int *const kept[] = {\n"
	    "\t&step,\n" },
	{ ABOUT_NAMES, "\t&own,\n" },
	{ ONLY(IPC_USERS), "\t&known[0],\n\t&known[1],\n\t&known[2],\n\t&known[3],\n" },
	{ MAKES_PRIVATE, "\t&made[1],\n" },
	{ ABOUT_IDENTIFIERS, "\t&ids[0],\n\t&ids[1],\n" },
	{ ABOUT_DESCRIPTORS, "\t&fds[0],\n\t&fds[1],\n\t&fds[2],\n" },
	{ 0,
	    "\t&children[1],\n\t&children[2],\n\t&children[3],\n"
	    "\t&turns[0][0],\n\t&turns[0][1],\n\t&turns[1][0],\n\t&turns[1][1],\n"
	    "\t&turns[2][0],\n\t&turns[2][1],\n\t&turns[3][0],\n\t&turns[3][1],\n"
	    "\t&verdict[1],\n\t&end[0],\n};\nenum { KEPT = sizeof(kept) / sizeof(kept[0]) };\n\n"
	    "static char **\narguments_at(int next)\n{\n\tstatic char words[KEPT + 1][24];\n"
	    "\tstatic char *arguments[KEPT + 3];\n\n\targuments[0] = program;\n\tstep = next;\n"
	    "\tfor (int i = 0; i < KEPT; i++) {\n"
	    "\t\tsnprintf(words[i], sizeof(words[i]), \"%d\", *kept[i]);\n"
	    "\t\targuments[i + 1] = words[i];\n\t}\n" },
	{ ABOUT_PLACES,
	    "\tsnprintf(words[KEPT], sizeof(words[KEPT]), \"%ld\", (long)places);\n"
	    "\targuments[KEPT + 1] = words[KEPT];\n" },
	{ 0, "\treturn arguments;\n}\n\n" },
	{ ONLY(EXEC),
	    "/* Returns only if that fails. */\n"
	    "static void\nstart_again(int next)\n{\n\texecv(program, arguments_at(next));\n}\n\n" },
	{ ONLY(SPAWN),
	    "extern char **environ;\n\nstatic int\nspawn_again(int next)\n{\n\tpid_t process;\n\n"
	    "\terrno = posix_spawnp(&process, program, NULL, NULL, arguments_at(next), environ);\n"
	    "\treturn errno == 0 ? (int)process : -1;\n}\n\n" },
	{ ONLY(VFORK),
	    "static int\nvfork_again(int next)\n{\n\tchar **arguments = arguments_at(next);\n"
	    "\tpid_t process = vfork();\n\n"
	    "\tif (process == 0) {\n\t\texecv(program, arguments);\n\t\t_exit(2);\n\t}\n"
	    "\treturn (int)process;\n}\n\n" },
	{ 0,
	    "static void\nremember(char **arguments)\n{\n"
	    "\tfor (int i = 0; i < KEPT; i++)\n\t\t*kept[i] = atoi(arguments[i + 1]);\n" },
	{ ABOUT_PLACES, "\tplaces = (char *)atol(arguments[KEPT + 1]);\n" },
	{ ABOUT_DESCRIPTORS,
	    "\tfor (int i = 0; i < 3; i++)\n\t\tif (fcntl(fds[i], F_GETFD) == -1)\n"
	    "\t\t\tfds[i] = -1; /* exec has closed it */\n" },
	{ 0, "\tprepare();\n}\n\n" },
};

static void
write_parts(FILE *to, const struct part *parts, size_t count, uint64_t used)
{
	for (size_t i = 0; i < count; i++)
		if (parts[i].needed_by == 0 || (parts[i].needed_by & used) != 0)
			fputs(parts[i].text, to);
}

void
c_parts_declare(FILE *to, uint64_t used)
{
	write_parts(to, declarations, sizeof(declarations) / sizeof(declarations[0]), used);
}

void
c_parts_define(FILE *to, uint64_t used)
{
	write_parts(to, functions, sizeof(functions) / sizeof(functions[0]), used);
}

void
c_parts_of_image(FILE *to, uint64_t used)
{
	write_parts(to, image, sizeof(image) / sizeof(image[0]), used);
}
