#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What `make guest` runs in the guest, beside the modules. Fails if one of these steps does.
set -ex
insmod my_module.ko period_us=10000
until [ "$(cat /sys/module/my_module/parameters/beats)" -ge 10 ]; do sleep 1; done
rmmod my_module
dmesg | grep 'my_module: [0-9]* beats'
[ -e my_module_test.ko ] || exit 0
insmod my_module_test.ko
dmesg | grep -E '^(\[.*\] )? *(not )?ok '
rmmod my_module_test
if dmesg | grep -qE '^(\[.*\] )? *not ok '; then exit 1; fi
