#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The device of the examples, by real programs: cat reads what its thread makes, a signal ends a cat that
# waits, and an ioctl ends the samples.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

ordered() {
	seq 0 9 >/tmp/expected
	head -n 10 /dev/samples >/tmp/first
	cmp /tmp/expected /tmp/first
}

# cat ends by the signal, and not after the second for which a read waits.
killed() {
	cat /dev/samples >/tmp/killed &
	within 20 grep -q . /tmp/killed
	kill $!
	wait $!
	is 143 echo $?
}

ended() {
	cat /dev/samples >/tmp/all &
	within 20 grep -q . /tmp/all
	./ioctl /dev/samples 29440 || return
	wait $!
	is 0 echo $?
}

check 'device: loads' insmod samples.ko
# It takes no sample from those that are read next.
check 'device: a read into a small buffer fails' not dd if=/dev/samples of=/dev/null bs=1 count=1
check 'device: cat reads the samples in order' ordered
check 'device: a signal ends a read' killed
check 'device: no such ioctl' not ./ioctl /dev/samples 1
check 'device: an ioctl ends the samples, and cat' ended
check 'device: goes' rmmod samples
exit $status
