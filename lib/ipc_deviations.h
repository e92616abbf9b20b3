/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Where systems differ from the standard in what they do with segments. Each function calls deviates() or known_defect() of
 * deviation.h on the systems that differ. The body that calls it checks just the sentence that stands here.
 */

#ifndef SHMCHECK_IPC_DEVIATIONS_H
#define SHMCHECK_IPC_DEVIATIONS_H

/* The user bits refuse the owner and the creator, who are two users, though the bits for others would allow the access. */
void user_class_defect(void);

/*
 * The group bits refuse a member of the owner's group and of the creator's, which are two groups, though the bits for others
 * would allow the access.
 */
void group_class_defect(void);

/* IPC_SET and IPC_RMID fail with EPERM for a user who is neither owner nor creator. */
void refusal_to_change_defect(void);

/* shm_segsz is the size given to shmget(), which is no multiple of the page size; a later shmget() for more fails. */
void size_deviates(void);

/* The mode given to shmget() for a key that has a segment asks for access in the class of the caller: owner; the others. */
void lookup_by_owners_bits_defect(void);
void lookup_by_bits_of_group_and_others_defect(void);

/* An attach at an address in use fails, with SHM_RND or SHM_RDONLY too. */
void taken_address_defect(void);

/* An attach with SHM_REMAP and no other flag rounds no address and is for reading and writing. */
void remap_defect(void);

#endif
