"""Becomes a program inside a root file system, as a cluster would run it: user 65532, no capabilities, none to be had.

unprivileged.py ROOT PROGRAM ARGUMENTS…
"""

import ctypes
import os
import sys

PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, LAST_CAPABILITY = 24, 38, 63
USER = 65532

root, program, *arguments = sys.argv[1:]
here = os.getcwd()
os.chroot(root)
os.chdir(here if os.path.isdir(here) else "/")
libc = ctypes.CDLL(None)
for capability in range(LAST_CAPABILITY + 1):
    libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # Those that the kernel does not have fail.
os.setgroups([])
os.setresgid(USER, USER, USER)
os.setresuid(USER, USER, USER)
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
    sys.exit("no_new_privs can't be set")
os.execv(program, [program, *arguments])
