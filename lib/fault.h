/* SPDX-License-Identifier: BSD-2-Clause */

/* Checks of a load or a store: that it works, or by what signal it is refused. */

#ifndef SHMCHECK_FAULT_H
#define SHMCHECK_FAULT_H

#include "access.h"

/* The byte can be loaded. */
#define CHECK_LOAD_OK(at) check_load_ok(__FILE__, __LINE__, #at, at)

/* Another byte can be stored, and is loaded afterwards. The byte that was there is restored. */
#define CHECK_STORE_OK(at) check_store_ok(__FILE__, __LINE__, #at, at)

/*
 * The access raises this signal, with this si_code and the address as si_addr, see is_address_of_fault(). Instead of SEGV_MAPERR
 * it may be whatever says_unmapped() accepts. A store is of a byte that is not zero.
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
