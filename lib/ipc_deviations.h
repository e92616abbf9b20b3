/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Where systems are known to do otherwise than the standard has it with segments. Each of these is deviates(), see case.h,
 * for a body that checks just what it says here.
 */

#ifndef SHMCHECK_IPC_DEVIATIONS_H
#define SHMCHECK_IPC_DEVIATIONS_H

/* The owner and the creator, who are not the same, are refused by the user bits, although the bits of others would do. */
void user_class_deviates(void);

/*
 * Who is in the owner's group or the creator's, which are not the same, is refused by the group bits, although the bits of
 * others would do.
 */
void group_class_deviates(void);

/* IPC_SET and IPC_RMID fail with EPERM for who is neither owner nor creator. */
void refusal_to_change_deviates(void);

/* shm_segsz is the size that was asked for, which is no multiple of the page size, and more than that is too much. */
void size_deviates(void);

/* The bits that shmget() is given for a key that has a segment ask for access by the class that the caller is in. */
void lookup_by_owners_bits_deviates(void);
void lookup_by_bits_of_group_and_others_deviates(void);

/* An attach at an address in use fails, with SHM_RND or SHM_RDONLY too. */
void taken_address_deviates(void);

/* An attach with SHM_REMAP alone neither rounds its address nor is for reading only. */
void remap_deviates(void);

#endif
