/* SPDX-License-Identifier: GPL-2.0 */
/* Of libstdc++'s inner headers what the utilities of its tests specialise. */
#ifndef CONFORMANCE_FUNCTIONAL_HASH_H
#define CONFORMANCE_FUNCTIONAL_HASH_H

#include <stddef.h>

namespace std
{
using ::size_t;
template <class>
struct hash;
} // namespace std

#endif
