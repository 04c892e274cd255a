#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The tasks of the examples, and the threads of the same in C: the reader sees each value in order, and says when there
# are no more.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

said() { dmesg | grep -c 'sensor: silent'; }
silent() { [ "$(said)" -gt 0 ]; }

values() { dmesg | sed -n 's/.*sensor: \([0-9]*\)$/\1/p'; }
in_order() {
	seq 4 4 40 >/tmp/expected
	values >/tmp/values
	cmp /tmp/expected /tmp/values
}
# The poller in C does not wait for the reader, which may come too late for a value on a busy host.
ends_in_order() {
	values >/tmp/values
	sort -n -u /tmp/values | cmp - /tmp/values && [ "$(tail -n 1 /tmp/values)" = 40 ]
}

works() {
	dmesg -c >/dev/null
	check "$1: loads" insmod "$1.ko"
	check "$1: values are read in order" within 60 "$3"
	check "$1: the reader ends its wait without a value" within 60 silent
	check "$1: the number of threads is $2" is "$2" sh -c 'ps -o comm | grep -c "^sensor"'
	check "$1: goes" rmmod "$1"
}

works sensor 1 in_order
works sensor_c 2 ends_in_order
exit $status
