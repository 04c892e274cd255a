/* SPDX-License-Identifier: GPL-2.0 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif
int sensor_start(void);
void sensor_stop(void);
#ifdef __cplusplus
}
#endif
