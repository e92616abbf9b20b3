/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * usage: filtered FILTER COMMAND [ARGUMENT ...]
 *
 * Runs the command behind a filter of system calls, see seccomp(2). The filters:
 *
 *   sysv-ENOSYS, sysv-EPERM   no System V shared memory: its calls fail with this error
 *   docker                    the calls that Docker's default profile refuses to a container without further capabilities
 *   unshare-does-nothing      unshare() returns 0 and makes no namespace
 *
 * The filter has the system call numbers of the machine that this program was built for: the command must be built for it, too.
 *
 * Exits with status 77 where the kernel has no such filters.
 */

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { NO_FILTERS = 77 };

/* Some machines have one call for all of System V, whose first argument tells what to do: 21 is shmat(). */
enum { FIRST_OF_SHM = 21, WHAT_TO_DO = 0xffff };

/* The first argument of clone() is its flags, but on s390. These ask for namespaces. */
#ifdef __s390__
enum { FLAGS_OF_CLONE = 1 };
#else
enum { FLAGS_OF_CLONE = 0 };
#endif
enum { FLAGS_FOR_NAMESPACES = 0x7e020000 };

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
enum { LOW_HALF = 4 };
#else
enum { LOW_HALF = 0 };
#endif

enum { CODE_MAX = 256 };
static struct sock_filter code[CODE_MAX];
static unsigned short length;

static void
append(struct sock_filter instruction)
{
	if (length < CODE_MAX)
		code[length++] = instruction;
}

static void
load(size_t at)
{
	append((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)at));
}

static void
load_call(void)
{
	load(offsetof(struct seccomp_data, nr));
}

static void
load_argument(unsigned number)
{
	load(offsetof(struct seccomp_data, args) + number * sizeof(__u64) + LOW_HALF);
}

/* The call returns with this errno, and with 0 if that is 0. */
static void
answer(int error)
{
	append((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error));
}

static void
allow(void)
{
	append((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
}

/* Do the next instructions, as many as "count", only if what was loaded compares so with the value. */
static void
only_if(unsigned comparison, unsigned value, unsigned char count)
{
	append((struct sock_filter)BPF_JUMP(BPF_JMP | comparison | BPF_K, value, 0, count));
}

static void
answer_call(long call, int error)
{
	only_if(BPF_JEQ, (unsigned)call, 1);
	answer(error);
}

static void
without_sysv(int error)
{
	load_call();
#ifdef SYS_shmget
	answer_call(SYS_shmget, error);
	answer_call(SYS_shmat, error);
	answer_call(SYS_shmdt, error);
	answer_call(SYS_shmctl, error);
#endif
#ifdef SYS_ipc
	only_if(BPF_JEQ, SYS_ipc, 4);
	load_argument(0);
	append((struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, WHAT_TO_DO));
	only_if(BPF_JGE, FIRST_OF_SHM, 1);
	answer(error);
#endif
	allow();
}

/*
 * The profile, profiles/seccomp/default.json of Docker's sources, lists what is allowed; these are the others. Numbers from
 * 424 on are the same on all machines, and headers may be older.
 */
static const long refused_by_docker[] = { SYS_acct, SYS_add_key, SYS_bpf, SYS_clock_settime, SYS_delete_module,
	SYS_fanotify_init, SYS_finit_module, SYS_get_mempolicy, SYS_init_module, SYS_kcmp, SYS_kexec_load, SYS_keyctl,
	SYS_mbind, SYS_migrate_pages, SYS_mount, SYS_move_pages, SYS_open_by_handle_at, SYS_perf_event_open,
	SYS_pivot_root, SYS_quotactl, SYS_reboot, SYS_request_key, SYS_set_mempolicy, SYS_setdomainname,
	SYS_sethostname, SYS_setns, SYS_settimeofday, SYS_swapoff, SYS_swapon, SYS_syslog, SYS_umount2, SYS_unshare,
	SYS_userfaultfd, SYS_vhangup, 428 /* open_tree */, 429 /* move_mount */, 430 /* fsopen */, 431 /* fsconfig */,
	432 /* fsmount */, 433 /* fspick */, 438 /* pidfd_getfd */, 440 /* process_madvise */, 442 /* mount_setattr */,
	443 /* quotactl_fd */ };

enum { CLONE3 = 435, LAST_OF_PROFILE = 449 /* futex_waitv */ };

/* What the profile allows of personality(). */
static const unsigned personalities[] = { 0, 8, 0x20000, 0x20008, 0xffffffff };
enum { PERSONALITIES = sizeof(personalities) / sizeof(personalities[0]) };

static void
like_docker(void)
{
	load_call();
	answer_call(CLONE3, ENOSYS); /* so that C libraries use clone(), of which a filter can read the flags */
	for (size_t i = 0; i < sizeof(refused_by_docker) / sizeof(refused_by_docker[0]); i++)
		answer_call(refused_by_docker[i], EPERM);
	only_if(BPF_JGT, LAST_OF_PROFILE, 1); /* runc says of later calls that the kernel lacks them */
	answer(ENOSYS);

	only_if(BPF_JEQ, SYS_clone, 4);
	load_argument(FLAGS_OF_CLONE);
	only_if(BPF_JSET, FLAGS_FOR_NAMESPACES, 1);
	answer(EPERM);
	allow();

	only_if(BPF_JEQ, SYS_personality, 2 * PERSONALITIES + 2);
	load_argument(0);
	for (size_t i = 0; i < PERSONALITIES; i++) {
		only_if(BPF_JEQ, personalities[i], 1);
		allow();
	}
	answer(EPERM);
	allow();
}

static void
unshare_does_nothing(void)
{
	load_call();
	answer_call(SYS_unshare, 0);
	allow();
}

static bool
make_filter(const char *name)
{
	if (strcmp(name, "sysv-ENOSYS") == 0)
		without_sysv(ENOSYS);
	else if (strcmp(name, "sysv-EPERM") == 0)
		without_sysv(EPERM);
	else if (strcmp(name, "docker") == 0)
		like_docker();
	else if (strcmp(name, "unshare-does-nothing") == 0)
		unshare_does_nothing();
	return length > 0 && length < CODE_MAX;
}

static bool
install_filter(void)
{
	struct sock_fprog program = { .len = length, .filter = code };

	/* The kernel takes filters of root as they are, and of others once they can gain no more rights. */
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ||
	    (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

int
main(int argc, char **argv)
{
	if (argc < 3 || !make_filter(argv[1])) {
		fputs("usage: filtered sysv-ENOSYS|sysv-EPERM|docker|unshare-does-nothing COMMAND [ARGUMENT ...]\n",
		    stderr);
		return 2;
	}
	if (!install_filter()) {
		perror("filtered: the kernel has no filters");
		return NO_FILTERS;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
