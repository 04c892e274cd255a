/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's errnos, for C++, which cannot include its headers. alloc.c compares them with the
 * kernel's own.
 */
#ifndef CXXRT_ERRNOS_H
#define CXXRT_ERRNOS_H

#if defined(__alpha__) || defined(__mips__) || defined(__hppa__) || defined(__sparc__)
#error "this architecture has other errnos"
#endif

/* clang-format off */
#define CXXRT_ERRNOS(errno_) \
	errno_(EPERM, 1) \
	errno_(ENOENT, 2) \
	errno_(ESRCH, 3) \
	errno_(EINTR, 4) \
	errno_(EIO, 5) \
	errno_(ENXIO, 6) \
	errno_(E2BIG, 7) \
	errno_(ENOEXEC, 8) \
	errno_(EBADF, 9) \
	errno_(ECHILD, 10) \
	errno_(EAGAIN, 11) \
	errno_(ENOMEM, 12) \
	errno_(EACCES, 13) \
	errno_(EFAULT, 14) \
	errno_(ENOTBLK, 15) \
	errno_(EBUSY, 16) \
	errno_(EEXIST, 17) \
	errno_(EXDEV, 18) \
	errno_(ENODEV, 19) \
	errno_(ENOTDIR, 20) \
	errno_(EISDIR, 21) \
	errno_(EINVAL, 22) \
	errno_(ENFILE, 23) \
	errno_(EMFILE, 24) \
	errno_(ENOTTY, 25) \
	errno_(ETXTBSY, 26) \
	errno_(EFBIG, 27) \
	errno_(ENOSPC, 28) \
	errno_(ESPIPE, 29) \
	errno_(EROFS, 30) \
	errno_(EMLINK, 31) \
	errno_(EPIPE, 32) \
	errno_(EDOM, 33) \
	errno_(ERANGE, 34) \
	errno_(EDEADLK, 35) \
	errno_(ENAMETOOLONG, 36) \
	errno_(ENOLCK, 37) \
	errno_(ENOSYS, 38) \
	errno_(ENOTEMPTY, 39) \
	errno_(ELOOP, 40) \
	errno_(ENOMSG, 42) \
	errno_(EIDRM, 43) \
	errno_(ECHRNG, 44) \
	errno_(EL2NSYNC, 45) \
	errno_(EL3HLT, 46) \
	errno_(EL3RST, 47) \
	errno_(ELNRNG, 48) \
	errno_(EUNATCH, 49) \
	errno_(ENOCSI, 50) \
	errno_(EL2HLT, 51) \
	errno_(EBADE, 52) \
	errno_(EBADR, 53) \
	errno_(EXFULL, 54) \
	errno_(ENOANO, 55) \
	errno_(EBADRQC, 56) \
	errno_(EBADSLT, 57) \
	errno_(EBFONT, 59) \
	errno_(ENOSTR, 60) \
	errno_(ENODATA, 61) \
	errno_(ETIME, 62) \
	errno_(ENOSR, 63) \
	errno_(ENONET, 64) \
	errno_(ENOPKG, 65) \
	errno_(EREMOTE, 66) \
	errno_(ENOLINK, 67) \
	errno_(EADV, 68) \
	errno_(ESRMNT, 69) \
	errno_(ECOMM, 70) \
	errno_(EPROTO, 71) \
	errno_(EMULTIHOP, 72) \
	errno_(EDOTDOT, 73) \
	errno_(EBADMSG, 74) \
	errno_(EOVERFLOW, 75) \
	errno_(ENOTUNIQ, 76) \
	errno_(EBADFD, 77) \
	errno_(EREMCHG, 78) \
	errno_(ELIBACC, 79) \
	errno_(ELIBBAD, 80) \
	errno_(ELIBSCN, 81) \
	errno_(ELIBMAX, 82) \
	errno_(ELIBEXEC, 83) \
	errno_(EILSEQ, 84) \
	errno_(ERESTART, 85) \
	errno_(ESTRPIPE, 86) \
	errno_(EUSERS, 87) \
	errno_(ENOTSOCK, 88) \
	errno_(EDESTADDRREQ, 89) \
	errno_(EMSGSIZE, 90) \
	errno_(EPROTOTYPE, 91) \
	errno_(ENOPROTOOPT, 92) \
	errno_(EPROTONOSUPPORT, 93) \
	errno_(ESOCKTNOSUPPORT, 94) \
	errno_(EOPNOTSUPP, 95) \
	errno_(EPFNOSUPPORT, 96) \
	errno_(EAFNOSUPPORT, 97) \
	errno_(EADDRINUSE, 98) \
	errno_(EADDRNOTAVAIL, 99) \
	errno_(ENETDOWN, 100) \
	errno_(ENETUNREACH, 101) \
	errno_(ENETRESET, 102) \
	errno_(ECONNABORTED, 103) \
	errno_(ECONNRESET, 104) \
	errno_(ENOBUFS, 105) \
	errno_(EISCONN, 106) \
	errno_(ENOTCONN, 107) \
	errno_(ESHUTDOWN, 108) \
	errno_(ETOOMANYREFS, 109) \
	errno_(ETIMEDOUT, 110) \
	errno_(ECONNREFUSED, 111) \
	errno_(EHOSTDOWN, 112) \
	errno_(EHOSTUNREACH, 113) \
	errno_(EALREADY, 114) \
	errno_(EINPROGRESS, 115) \
	errno_(ESTALE, 116) \
	errno_(EUCLEAN, 117) \
	errno_(ENOTNAM, 118) \
	errno_(ENAVAIL, 119) \
	errno_(EISNAM, 120) \
	errno_(EREMOTEIO, 121) \
	errno_(EDQUOT, 122) \
	errno_(ENOMEDIUM, 123) \
	errno_(EMEDIUMTYPE, 124) \
	errno_(ECANCELED, 125) \
	errno_(ENOKEY, 126) \
	errno_(EKEYEXPIRED, 127) \
	errno_(EKEYREVOKED, 128) \
	errno_(EKEYREJECTED, 129) \
	errno_(EOWNERDEAD, 130) \
	errno_(ENOTRECOVERABLE, 131) \
	errno_(ERFKILL, 132) \
	errno_(EHWPOISON, 133) \
	errno_(ERESTARTSYS, 512) \
	errno_(ERESTARTNOINTR, 513) \
	errno_(ERESTARTNOHAND, 514) \
	errno_(ENOIOCTLCMD, 515) \
	errno_(ERESTART_RESTARTBLOCK, 516) \
	errno_(EPROBE_DEFER, 517) \
	errno_(EOPENSTALE, 518) \
	errno_(ENOPARAM, 519) \
	errno_(EBADHANDLE, 521) \
	errno_(ENOTSYNC, 522) \
	errno_(EBADCOOKIE, 523) \
	errno_(ENOTSUPP, 524) \
	errno_(ETOOSMALL, 525) \
	errno_(ESERVERFAULT, 526) \
	errno_(EBADTYPE, 527) \
	errno_(EJUKEBOX, 528) \
	errno_(EIOCBQUEUED, 529) \
	errno_(ERECALLCONFLICT, 530) \
	errno_(ENOGRACE, 531) \
	errno_(EWOULDBLOCK, 11) \
	errno_(EDEADLOCK, 35)

/* clang-format on */

#endif
