#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The tasks of the examples: the reader sees each value in order, and says when there are no more.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

said() { dmesg | grep -c 'sensor: silent'; }
silent() { [ "$(said)" -gt 0 ]; }

in_order() {
	seq 4 4 40 >/tmp/expected
	dmesg | sed -n 's/.*sensor: \([0-9]*\)$/\1/p' >/tmp/values
	cmp /tmp/expected /tmp/values
}

check 'sensor: loads' insmod sensor.ko
check 'sensor: each value was read in order' within 60 in_order
check 'sensor: the reader ends its wait without a value' within 60 silent
check 'sensor: both are one thread' is 1 sh -c 'ps -o comm | grep -c "^sensor"'
check 'sensor: goes' rmmod sensor
exit $status
