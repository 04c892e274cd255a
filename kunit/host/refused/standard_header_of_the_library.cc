// SPDX-License-Identifier: GPL-2.0
// refused: error: <mutex>: in kthread/mutex.hpp here
#include <mutex>
