/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Does this load or store fault? The access is made here, in this process, between a handler for SIGSEGV and SIGBUS and the
 * dispositions and the signal mask as they were, which are put back.
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

/* Run the body, and leave it at the first fault. */
struct fault fault_of_body(void (*body)(void *), void *argument);

/* True when a load, or a store of what is there, faults at the middle of the page, whatever the signal. */
bool load_is_refused(const volatile char *page);
bool store_is_refused(volatile char *page);

/* Nothing is mapped there, as far as signal and code tell. */
bool says_unmapped(struct fault);

/* The byte can be loaded. */
#define CHECK_LOAD_OK(at) check_load_ok(__FILE__, __LINE__, #at, at)

/* A byte that differs from what is there can be stored and is there then; puts back what was there. */
#define CHECK_STORE_OK(at) check_store_ok(__FILE__, __LINE__, #at, at)

/*
 * The access is refused by this signal, with this si_code, and si_addr in the page of the address (s390x knows no more than
 * the page). For SEGV_MAPERR what says_unmapped() is enough. A store is of a byte that differs from zero.
 */
#define CHECK_LOAD_FAULTS(signal, code, at)  check_load_faults(__FILE__, __LINE__, #at, signal, code, at)
#define CHECK_STORE_FAULTS(signal, code, at) check_store_faults(__FILE__, __LINE__, #at, signal, code, at)

/* No page of the range is in the address space: at each of them, and at its last byte, load and store are SEGV_MAPERR. */
#define CHECK_UNMAPPED(start, size) check_unmapped(__FILE__, __LINE__, #start, start, size)

bool check_unmapped(const char *file, int line, const char *text, volatile void *start, size_t size);
bool check_load_ok(const char *file, int line, const char *text, const volatile void *at);
bool check_store_ok(const char *file, int line, const char *text, volatile void *at);
bool check_load_faults(const char *file, int line, const char *text, int signal, int code, const volatile void *at);
bool check_store_faults(const char *file, int line, const char *text, int signal, int code, volatile void *at);

#endif
