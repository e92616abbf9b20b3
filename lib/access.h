/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Does this load or store fault? This process makes the access, with a handler for SIGSEGV and SIGBUS. The dispositions of
 * both signals and the signal mask are restored afterwards.
 */

#ifndef SHMCHECK_ACCESS_H
#define SHMCHECK_ACCESS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

struct fault {
	int signal;                   /* SIGSEGV or SIGBUS; 0: there was no fault */
	int code;                     /* si_code of the signal */
	const volatile void *address; /* si_addr */
};

/* Load the byte, or store one there. */
struct fault fault_of_load(const volatile void *);
struct fault fault_of_store(volatile void *, char byte);

/* Run the body up to its end or its first fault. */
struct fault fault_of_body(void (*body)(void *), void *argument);

/* Whether a load from the middle of the page faults, by whatever signal; or a store of the byte that is there. */
bool load_is_refused(const volatile char *page);
bool store_is_refused(volatile char *page);

/* Whether si_addr is this address, or in its page on the machines that know no more. */
bool is_address_of_fault(struct fault, const volatile void *at);

/* Whether signal and code say that nothing is mapped there. */
bool says_unmapped(struct fault);

#endif
