/* SPDX-License-Identifier: GPL-2.0 */
#ifdef __cplusplus
extern "C" {
#endif

int pipeline_start(void);
void pipeline_stop(void);
unsigned long pipeline_made(void);
unsigned long pipeline_taken(void);

#ifdef __cplusplus
}
#endif
