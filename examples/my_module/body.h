/* SPDX-License-Identifier: GPL-2.0 */
/* What main.c and test.c call of body.cc. */
#ifdef __cplusplus
extern "C" {
#endif

/* my_module_start - start the thread, with so many microseconds between beats. 0 or an errno. */
int my_module_start(unsigned int period_us);

/* my_module_stop - stop it, and wait for its end. May sleep. */
void my_module_stop(void);

/* my_module_beats - how often it has beaten, from any context */
unsigned long my_module_beats(void);

#ifdef __cplusplus
}
#endif
