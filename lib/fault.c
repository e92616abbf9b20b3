/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdint.h>

#include <sys/mman.h>

#include "check.h"
#include "instrument.h"
#include "fault.h"
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
check_load_ok(const char *file, int line, const char *text, const volatile void *at)
{
	struct fault f = fault_of_load(at);

	if (f.signal == 0)
		return true;
	check_failed(file, line, "a load at %s raised %s (%s), expected no fault", text, signal_name(f.signal),
	    signal_code_name(f.signal, f.code));
	return false;
}

bool
check_store_ok(const char *file, int line, const char *text, volatile void *at)
{
	volatile char *byte = at;
	struct fault f = fault_of_load(at);
	char before;
	char other;

	if (f.signal != 0)
		return check_load_ok(file, line, text, at);
	before = *byte;
	other = (char)~before;
	f = fault_of_store(at, other);
	if (f.signal != 0) {
		check_failed(file, line, "a store at %s raised %s (%s), expected no fault", text, signal_name(f.signal),
		    signal_code_name(f.signal, f.code));
		return false;
	}
	if (*byte != other) {
		check_failed(file, line, "a store at %s did not arrive: %d, stored was %d", text, *byte, other);
		return false;
	}
	*byte = before;
	return true;
}

bool
says_unmapped(struct fault f)
{
	return f.signal == SIGSEGV && (f.code == SEGV_MAPERR || !fault_codes_tell());
}

static bool
same_page(const volatile void *a, const volatile void *b)
{
	return (uintptr_t)a / page_size() == (uintptr_t)b / page_size();
}

static bool
faults_so(const char *file, int line, const char *what, const char *text, struct fault f, int signal, int code,
    const volatile void *at)
{
	if (f.signal == 0) {
		check_failed(file, line, "a %s at %s worked, expected %s", what, text, signal_name(signal));
		return false;
	}
	bool said = signal == SIGSEGV && code == SEGV_MAPERR ? says_unmapped(f) : f.signal == signal && f.code == code;
	if (!said) {
		check_failed(file, line, "a %s at %s raised %s (%s), expected %s (%s)", what, text,
		    signal_name(f.signal), signal_code_name(f.signal, f.code), signal_name(signal),
		    signal_code_name(signal, code));
		return false;
	}
	if (!same_page(f.address, at)) {
		check_failed(file, line, "a %s at %s = 0x%jx raised %s with si_addr 0x%jx", what, text,
		    (uintmax_t)(uintptr_t)at, signal_name(signal), (uintmax_t)(uintptr_t)f.address);
		return false;
	}
	return true;
}

bool
check_load_faults(const char *file, int line, const char *text, int signal, int code, const volatile void *at)
{
	return faults_so(file, line, "load", text, fault_of_load(at), signal, code, at);
}

bool
check_store_faults(const char *file, int line, const char *text, int signal, int code, volatile void *at)
{
	return faults_so(file, line, "store", text, fault_of_store(at, 's'), signal, code, at);
}

/* No store where a load was possible: it would be the same failure, and change what is there. */
static bool
is_unmapped(const char *file, int line, const char *text, volatile void *at)
{
	return check_load_faults(file, line, text, SIGSEGV, SEGV_MAPERR, at) &&
	    check_store_faults(file, line, text, SIGSEGV, SEGV_MAPERR, at);
}

bool
check_unmapped(const char *file, int line, const char *text, volatile void *start, size_t size)
{
	volatile char *bytes = start;
	bool all = true;

	for (size_t at = 0; at < size; at += page_size())
		all &= is_unmapped(file, line, text, &bytes[at]);
	return all & is_unmapped(file, line, text, &bytes[size - 1]);
}
