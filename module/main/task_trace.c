// SPDX-License-Identifier: GPL-2.0
#define TASK_TRACE_SYSTEM kthreadxx
#include "bridge/task_trace.h"
