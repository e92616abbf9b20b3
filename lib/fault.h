/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Does this load or store fault? This process makes the access, with a handler for SIGSEGV and SIGBUS. The dispositions of
 * both signals and the signal mask are restored afterwards.
 */

#ifndef SHMCHECK_FAULT_H
#define SHMCHECK_FAULT_H

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

/* Whether signal and code say that nothing is mapped there. */
bool says_unmapped(struct fault);

/* The byte can be loaded. */
#define CHECK_LOAD_OK(at) check_load_ok(__FILE__, __LINE__, #at, at)

/* Another byte can be stored, and is loaded afterwards. The byte that was there is restored. */
#define CHECK_STORE_OK(at) check_store_ok(__FILE__, __LINE__, #at, at)

/*
 * The access raises this signal, with this si_code and an si_addr in the page of the address (s390x knows no more than the
 * page). For SEGV_MAPERR it is enough that says_unmapped(). A store is of a byte that is not zero.
 */
#define CHECK_LOAD_FAULTS(signal, code, at)  check_load_faults(__FILE__, __LINE__, #at, signal, code, at)
#define CHECK_STORE_FAULTS(signal, code, at) check_store_faults(__FILE__, __LINE__, #at, signal, code, at)

/* Nothing is mapped in the range: loads and stores at the start of each page and at the last byte give SEGV_MAPERR. */
#define CHECK_UNMAPPED(start, size) check_unmapped(__FILE__, __LINE__, #start, start, size)

bool check_unmapped(const char *file, int line, const char *text, volatile void *start, size_t size);
bool check_load_ok(const char *file, int line, const char *text, const volatile void *at);
bool check_store_ok(const char *file, int line, const char *text, volatile void *at);
bool check_load_faults(const char *file, int line, const char *text, int signal, int code, const volatile void *at);
bool check_store_faults(const char *file, int line, const char *text, int signal, int code, volatile void *at);

#endif
