/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
#define SAMPLES_STOP 0x7300 /* the ioctl: no more samples */

#ifdef __cplusplus
extern "C" {
#endif
int samples_start(void);
int samples_next(int *sample); /* 1, or 0 after the last, or a negative errno */
void samples_stop(void);
void samples_remove(void);
#ifdef __cplusplus
}
#endif
