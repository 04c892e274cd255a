/* SPDX-License-Identifier: GPL-2.0 */
#ifdef __cplusplus
extern "C" {
#endif

int debounce_start(void);
void debounce_stop(void);
void debounce_event(void); /* also from a hard interrupt */

/* Functions of main.c, that the worker calls. */
void debounce_begins(void);
void debounce_is_over(unsigned int events);

#ifdef __cplusplus
}
#endif
