/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * usage: without_sysv ENOSYS|EPERM COMMAND [ARGUMENT ...]
 *
 * Runs the command behind a filter that answers this error to the calls for System V shared memory, as the filters of
 * containers do. Exits with status 77 where the kernel has no such filters.
 */

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { NO_FILTERS = 77 };

/* Some machines have one call for all of System V, which is told by its first argument what to do: shmat() is the 21st. */
#ifdef SYS_ipc
enum { IPC_CALL = SYS_ipc, FIRST_OF_SHM = 21, WHAT_TO_DO = 0xffff };
#else
enum { IPC_CALL = -1, FIRST_OF_SHM = 0, WHAT_TO_DO = 0 };
#endif
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
enum { LOW_HALF = 4 };
#else
enum { LOW_HALF = 0 };
#endif

#define LOAD(at) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (at))
#define REFUSE_CALL(number) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)(number), 0, 1), BPF_STMT(BPF_RET | BPF_K, refusal)

static int
refuse(int error)
{
	const unsigned refusal = SECCOMP_RET_ERRNO | (unsigned)error;
	struct sock_filter code[] = {
		LOAD(offsetof(struct seccomp_data, nr)),
#ifdef SYS_shmget
		REFUSE_CALL(SYS_shmget),
		REFUSE_CALL(SYS_shmat),
		REFUSE_CALL(SYS_shmdt),
		REFUSE_CALL(SYS_shmctl),
#endif
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)IPC_CALL, 0, 4),
		LOAD(offsetof(struct seccomp_data, args[0]) + LOW_HALF),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, WHAT_TO_DO),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_OF_SHM, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, refusal),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

int
main(int argc, char **argv)
{
	int error = 0;

	if (argc >= 3)
		error = strcmp(argv[1], "ENOSYS") == 0 ? ENOSYS : strcmp(argv[1], "EPERM") == 0 ? EPERM : 0;
	if (error == 0) {
		fputs("usage: without_sysv ENOSYS|EPERM COMMAND [ARGUMENT ...]\n", stderr);
		return 2;
	}
	if (!refuse(error)) {
		perror("without_sysv: the kernel has no filters");
		return NO_FILTERS;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
