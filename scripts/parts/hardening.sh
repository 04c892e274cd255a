# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# How a module takes part in what its kernel is hardened by, for the parts that look at it. To be sourced.

# by_thunk MODULE THUNK PATTERN: no instruction like that, as the kernel's thunk stands for it. A call by pv_ops, for
# guests, is a direct one or none when the kernel has loaded the module.
by_thunk() {
	local code
	code=$(objdump -dr --no-show-raw-insn "$1" | sed '/call  *\*.*(%rip)/ { N; /R_X86_64_PC32[[:space:]]*pv_ops/d }')
	[[ $code == *"$2"* ]] && nothing grep -E "$3" <<<"$code"
}

# There is a function with an array on the stack, and it looks at what is behind that before it returns.
has_canary() { nm -u "$1" | grep -w __stack_chk_fail && objdump -d "$1" | grep '%gs:0x28'; }

# functions MODULE: of each whose address is taken, by code or by data, and of each global one a line
# "NAME FIRST-INSTRUCTION taken|global", and " hash" behind it if the one of its type stands before it
functions() {
	{
		objdump -dt --no-show-raw-insn "$1"
		objdump -r "$1"
	} | awk '
		$3 == "F" && $2 ~ /^[gw]$/ { kind[$NF] = "global" }
		# Tables that the kernel reads when it loads a module, and debuggers: nobody calls from there.
		/^RELOCATION RECORDS FOR / { tables = /\[(\.rela)?(\.(debug|orc_|return_sites|retpoline_sites|call_sites|ibt_)|__mcount_loc|__patchable)/ }
		/^Disassembly of section / { section = substr($4, 1, length($4) - 1) }
		/^[0-9a-f]+ <.*>:$/ {
			before = name
			name = substr($2, 2, length($2) - 3)
			at[name] = at[section "+0x" $1] = name
			if ($1 ~ /^0+$/)
				at[section] = name
			getline
			first[name] = $2
			hash[name] = before ~ /^__cfi_/ ? " hash" : ""
		}
		!tables && $2 ~ /^R_X86_64_(64|32S)$/ && $3 in at { kind[at[$3]] = "taken" }
		# What a static call is patched into, and the padding before a function, is nothing to be called.
		END {
			for (name in kind)
				if (name in first && name !~ /^__(cfi|SCT|pfx)_/)
					print name, first[name], kind[name] hash[name]
		}'
}

# each_function MODULE KIND PATTERN: each of such a kind, and there are some
each_function() {
	local all
	all=$(functions "$1" | grep -E "$2") && nothing grep -vE "$3" <<<"$all"
}

# Each indirect call has a check before it, where it traps.
checked_calls() {
	local calls traps
	calls=$(objdump -dr "$1" | grep -c 'R_X86_64_PLT32.*__x86_indirect_thunk')
	traps=$(objdump -r -j __kcfi_traps "$1" | grep -c R_X86_64_PC32)
	echo "$calls indirect calls, $traps checks"
	((calls && calls == traps))
}

# hardening KERNEL: as far as the kernel has it, its module has it
hardening() {
	local module config object
	build "$1"
	module=$tree/kthreadxx.ko config=$(<"$KDIR/.config")
	# Some are called MITIGATION_ since Linux 6.9.
	has() { [[ $config == *$'\n'CONFIG_?(MITIGATION_)"$1=y"$'\n'* ]]; }
	if has RETPOLINE; then
		verdict "hardening $1: each indirect branch by a retpoline" by_thunk "$module" \
			__x86_indirect_thunk_ '(call|jmp) +\*'
	fi
	if has RETHUNK; then
		verdict "hardening $1: each return by the return thunk" by_thunk "$module" __x86_return_thunk '	(rep.* )?ret'
	fi
	if has STACKPROTECTOR_STRONG; then
		for object in module/main/heartbeat.o module/kthread/thread.o; do
			verdict "hardening $1: stack protector in $object" has_canary "$tree/$object"
		done
	fi
	if has X86_KERNEL_IBT; then
		verdict "hardening $1: each function to be called by address begins with endbr64" \
			each_function "$module" . ' endbr64 '
		verdict "hardening $1: objtool lists what it may seal" objdump -hj .ibt_endbr_seal "$module"
	fi
	if has CFI_CLANG; then
		verdict "hardening $1: each function with its address taken has the hash of its type" \
			each_function "$module" ' taken' ' hash$'
		verdict "hardening $1: each indirect call is checked" checked_calls "$module"
	fi
}
