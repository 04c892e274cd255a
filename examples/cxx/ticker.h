/* SPDX-License-Identifier: GPL-2.0 */
#ifdef __cplusplus
extern "C" {
#endif

int ticker_start(void);
long ticker_stop(void);

#ifdef __cplusplus
}
#endif
