// SPDX-License-Identifier: GPL-2.0
// refused: an atomic operation that this processor has no instruction for
__int128 refused(__int128 *object)
{
	return __atomic_load_n(object, __ATOMIC_SEQ_CST);
}
