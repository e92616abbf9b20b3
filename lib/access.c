/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdint.h>

#include <sys/mman.h>

#include "access.h"
#include "instrument.h"
#include "platform.h"

static sigjmp_buf before_access;
static volatile struct {
	int signal;
	int code;
	void *address;
} seen;

static void
handler(int signal, siginfo_t *info, void *context)
{
	(void)context;
	seen.signal = signal;
	seen.code = info->si_code;
	seen.address = info->si_addr;
	siglongjmp(before_access, 1);
}

struct fault
fault_of_body(void (*body)(void *), void *argument)
{
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	struct sigaction old_segv;
	struct sigaction old_bus;

	seen.signal = 0;
	seen.code = 0;
	seen.address = NULL;
	sigemptyset(&action.sa_mask);
	sigaction(SIGSEGV, &action, &old_segv);
	sigaction(SIGBUS, &action, &old_bus);
	if (sigsetjmp(before_access, 1) == 0)
		body(argument);
	sigaction(SIGSEGV, &old_segv, NULL);
	sigaction(SIGBUS, &old_bus, NULL);
	return (struct fault){ seen.signal, seen.code, seen.address };
}

struct access {
	volatile char *at;
	char byte;
};

static void
load(void *access)
{
	(void)*((struct access *)access)->at;
}

static void
store(void *access)
{
	const struct access *a = access;

	*a->at = a->byte;
}

struct fault
fault_of_load(const volatile void *at)
{
	struct access a = { (volatile char *)(uintptr_t)at, 0 };

	return fault_of_body(load, &a);
}

struct fault
fault_of_store(volatile void *at, char byte)
{
	struct access a = { at, byte };

	return fault_of_body(store, &a);
}

/*
 * ThreadSanitizer maps some memory at the first fault that is handled. Have that done before a case unmaps something and
 * expects a fault: the memory would be just there.
 */
__attribute__((constructor)) static void
have_first_fault(void)
{
	void *p;

	if (!instrumented_by(THREAD_SANITIZER))
		return;
	p = mmap(NULL, page_size(), PROT_NONE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
	if (p == MAP_FAILED)
		return;
	fault_of_load(p);
	munmap(p, page_size());
}

bool
load_is_refused(const volatile char *page)
{
	return fault_of_load(&page[page_size() / 2]).signal != 0;
}

bool
store_is_refused(volatile char *page)
{
	char byte = load_is_refused(page) ? 's' : page[page_size() / 2];

	return fault_of_store(&page[page_size() / 2], byte).signal != 0;
}

bool
says_unmapped(struct fault f)
{
	return f.signal == SIGSEGV && (f.code == SEGV_MAPERR || !fault_codes_tell());
}

bool
is_address_of_fault(struct fault f, const volatile void *at)
{
	uintptr_t unit = fault_addresses_are_exact() ? 1 : page_size();

	return (uintptr_t)f.address / unit == (uintptr_t)at / unit;
}
