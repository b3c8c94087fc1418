"""Go's own tests of library packages, compiled by goir."""

import subprocess
import sys
from pathlib import Path

from go_suite import program

from goir.build.goroot import find_goroot

# Of reflect: what needs export_test.go or internal packages, faults as panics, or the calling convention of gc.
REFLECT_WITHOUT = r"""
example1 example2 FuncLayout GCBits IsRO MakeRO CallGC OtherPkgFields FirstMethodNameBytes CachedBucketOf MapBucketOf
MapGroup ResolveReflectName \bnet\. EmbedWithUnexp \bBuffer\b.//.type.defined InternalIsZero TypeLinks MethodValueCallCodePtr
IsRegularMemory IsExported\( BadlyTyped msan\. \brace\. FuncPC StructFieldName MapSlots exec\. base64 SetPanicOnFault
StructOfEmbeddedIfaceMethodCall SetArgRegs\(lt
""".split()
REFLECT_REPLACE = {
    "goarch.PtrSize": "8",
    "asan.Enabled": "false",
    "testenv.OptimizationOff()": "false",
    r"(?m)^.*SetArgRegs.*\n": "",
}
# How often something allocates: escape analysis does not see as much as gc's.
REFLECT_FAILURES = {"TestMapIterSet", "TestDeepEqualAllocs", "TestMapAlloc", "TestChanAlloc"}


def test_reflect(tmp_path: Path):
    names = "all set tostring visiblefields iter type abi map".split()
    sources = program(
        find_goroot(),
        "reflect",
        [f"{name}_test.go" for name in names],
        REFLECT_WITHOUT,
        REFLECT_REPLACE,
        "type S struct{ i1, i2 int64 }\n",
        dot=True,
    )
    for name, text in sources.items():
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "goir.tools.goir", "run", *(str(tmp_path / name) for name in sources)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=600,
        encoding="utf-8",
        errors="replace",
    )
    failed = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("FAIL ")}
    passed = sum(line.startswith("ok ") for line in done.stdout.splitlines())
    assert done.returncode == 0, done.stdout[-3000:]
    assert failed <= REFLECT_FAILURES, done.stdout[-3000:]
    assert passed > 175
