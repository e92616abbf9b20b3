/* SPDX-License-Identifier: BSD-2-Clause */

/* The calls about mappings and the pages in them, and the faults there. */

#include <stdarg.h>

#include <sys/mman.h>

#include "hook.h"

/* As in lib/, which is not part of the engine. */
size_t
page_size(void)
{
	static size_t size;
	struct call sysconf = { .interface = SYSCONF, .command = _SC_PAGESIZE };

	if (size == 0)
		size = (size_t)real_call(&sysconf);
	return size;
}

HOOK(void *, mmap, void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	return (void *)MAKE(MMAP, .address = address, .length = length, .protection = protection, .flags = flags,
	    .fd = fd, .offset = offset);
}

HOOK(int, munmap, void *address, size_t length)
{
	return (int)MAKE(MUNMAP, .address = address, .length = length);
}

HOOK(int, mprotect, void *address, size_t length, int protection)
{
	return (int)MAKE(MPROTECT, .address = address, .length = length, .protection = protection);
}

HOOK(int, msync, void *address, size_t length, int flags)
{
	return (int)MAKE(MSYNC, .address = address, .length = length, .flags = flags);
}

HOOK(int, mlock, const void *address, size_t length)
{
	return (int)MAKE(MLOCK, .address = UNCONST(address), .length = length);
}

HOOK(int, munlock, const void *address, size_t length)
{
	return (int)MAKE(MUNLOCK, .address = UNCONST(address), .length = length);
}

HOOK(int, mlockall, int flags)
{
	return (int)MAKE(MLOCKALL, .flags = flags);
}

HOOK(int, munlockall, void)
{
	return (int)MAKE(MUNLOCKALL, );
}

HOOK(int, madvise, void *address, size_t length, int advice)
{
	return (int)MAKE(MADVISE, .address = address, .length = length, .command = advice);
}

/* The dispositions that the program has set, for SIGSEGV and SIGBUS. */
static struct sigaction dispositions[2];

static struct sigaction *
disposition_of(int signal)
{
	return &dispositions[signal == SIGBUS];
}

/* A fault counts as a call, too. Its result is the siginfo that the program's handler gets. */
static void
tell_of_fault(int signal, siginfo_t *info, void *context)
{
	siginfo_t told = *info;
	struct call fault = {
		.interface = FAULT, .id = signal, .flags = info->si_code, .address = info->si_addr, .result = signal
	};

	call_make(&fault);
	told.si_signo = fault.id;
	told.si_code = fault.flags;
	told.si_addr = fault.address;
	disposition_of(signal)->sa_sigaction(fault.id, &told, context);
}

HOOK(int, sigaction, int signal, const struct sigaction *action, struct sigaction *old)
{
	struct sigaction ours;
	struct sigaction before;

	if ((signal != SIGSEGV && signal != SIGBUS) || !faults_are_violated())
		return (int)MAKE(SIGACTION, .id = signal, .address = UNCONST(action), .buffer = old);
	before = *disposition_of(signal);
	if (action != NULL) {
		ours = *action;
		if (ours.sa_flags & SA_SIGINFO) {
			*disposition_of(signal) = ours;
			ours.sa_sigaction = tell_of_fault;
		}
		action = &ours;
	}
	if (MAKE(SIGACTION, .id = signal, .address = UNCONST(action), .buffer = old) == -1)
		return -1;
	if (old != NULL && old->sa_flags & SA_SIGINFO && old->sa_sigaction == tell_of_fault)
		*old = before;
	return 0;
}
