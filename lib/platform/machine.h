/* SPDX-License-Identifier: BSD-2-Clause */

/* What is the machine's: sizes, addresses, code. */

#ifndef SHMCHECK_PLATFORM_MACHINE_H
#define SHMCHECK_PLATFORM_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of a page: sysconf(_SC_PAGESIZE). */
size_t page_size(void);

/* The multiple of bytes on which System V segments are attached: SHMLBA of <sys/shm.h>, at least a page. */
size_t attach_multiple(void);

/* The address of the last page that addresses can name: no process has it, on any known machine. */
void *address_of_kernel(void);

/* Whether si_addr of a fault is the address of the access: s390x knows no more than its page. */
bool fault_addresses_are_exact(void);

/* Whether the program is for x86-64, which BSDs call amd64. */
bool machine_is_amd64(void);

/* Store the code of a function that returns at once, for an execution there. False on machines whose code we don't know. */
bool store_function(void *at);

#endif
