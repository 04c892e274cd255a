/* SPDX-License-Identifier: GPL-2.0 */
#ifdef __cplusplus
extern "C" {
#endif

int each_cpu_start(void);
void each_cpu_stop(void);
void each_cpu_wake(unsigned int cpu);

/* Functions of main.c, for the CPU's thread. */
bool each_cpu_has_work(unsigned int cpu);
void each_cpu_work(unsigned int cpu);

#ifdef __cplusplus
}
#endif
