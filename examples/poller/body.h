/* SPDX-License-Identifier: GPL-2.0 */
#ifdef __cplusplus
extern "C" {
#endif

int poller_start(unsigned int period_ms);
int poller_set_period(unsigned int period_ms);
unsigned long poller_polls(void);
void poller_stop(void);

#ifdef __cplusplus
}
#endif
