"""`//go:embed`: the messages are real Go's."""

from pathlib import Path
from typing import Any

import pytest

from goir.build.errors import BuildError
from goir.build.packages import Loader

FILES = {
    "go.mod": "module example.com/em\n\ngo 1.22\n",
    "a.txt": "hello",
    "b c.txt": "b",
    "d/1.txt": "1",
    "d/sub/2.txt": "2",
    "d/_hidden/h": "h",
    "d/.h": "h",
    "e/.h": "h",
    "nested/go.mod": "module n\n",
    "nested/x.txt": "x",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "link").symlink_to("a.txt")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def main(text: str, imported: str = 'import "embed"\n\nvar _ embed.FS') -> str:
    return f"package main\n\n{imported}\n\n{text}\n\nfunc main() {{}}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("//go:embed x.txt\nvar s string", "main.go:7:12: pattern x.txt: no matching files found"),
        ("//go:embed ../x\nvar s string", "main.go:7:12: pattern ../x: invalid pattern syntax"),
        ("//go:embed [\nvar s string", "main.go:7:12: pattern [: invalid pattern syntax"),
        (
            "//go:embed e\nvar s embed.FS",
            "main.go:7:12: pattern e: cannot embed directory e: contains no embeddable files",
        ),
        ("//go:embed link\nvar s string", "main.go:7:12: pattern link: cannot embed irregular file link"),
        (
            "//go:embed nested/x.txt\nvar s string",
            "main.go:7:12: pattern nested/x.txt: cannot embed file nested/x.txt: in different module",
        ),
        ("//go:embed *.txt\nvar s string", "./main.go:8:5: invalid go:embed: multiple files for type string"),
        ("//go:embed a.txt\nvar s int", "./main.go:8:5: go:embed cannot apply to var of type int"),
        ("type F embed.FS\n\n//go:embed d\nvar s F", "./main.go:10:5: go:embed cannot apply to var of type F"),
        ("//go:embed a.txt\nvar s, t string", "./main.go:7:3: go:embed cannot apply to multiple vars"),
        ('//go:embed a.txt\nvar s string = "x"', "./main.go:7:3: go:embed cannot apply to var with initializer"),
        ("//go:embed a.txt\nfunc f() {}", "./main.go:7:3: misplaced go:embed directive"),
        ("//go:embed a.txt\nvar (\n\ts string\n)", "./main.go:7:3: misplaced go:embed directive"),
        ("//go:embed\nvar s string", "./main.go:7:3: usage: //go:embed pattern..."),
        (
            "func f() {\n\t//go:embed a.txt\n\tvar s string\n\t_ = s\n}",
            "./main.go:8:4: go:embed cannot apply to var inside func",
        ),
    ],
)
def test_wrong(text: str, message: str, folder: Path):
    (folder / "main.go").write_text(main(text))
    with pytest.raises(BuildError) as raised:
        Loader().load_main(["."])
    assert str(raised.value).removeprefix("# example.com/em\n") == message


def test_without_the_import(folder: Path):
    (folder / "main.go").write_text(main("//go:embed a.txt\nvar s string", ""))
    with pytest.raises(BuildError) as raised:
        Loader().load_main(["."])
    message = 'go:embed requires import "embed" (or import _ "embed", if package is not used)'
    assert str(raised.value) == f"# example.com/em\n./main.go:5:3: {message}"


def embedded(folder: Path, text: str) -> list[Any]:
    (folder / "main.go").write_text(main(text))
    return list(Loader().load_main(["."]).embeds.values())


def test_strings_and_bytes(folder: Path):
    text = '//go:embed "b c.txt"\nvar s string\n\ntype B []byte\n\nvar (\n\t//go:embed a.txt a.*\n\tb B\n)'
    assert embedded(folder, text) == [b"b", tuple(b"hello")]


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        ("d a.txt", ["a.txt", "d/", "d/1.txt", "d/sub/", "d/sub/2.txt"]),
        ("d/*", ["d/", "d/.h", "d/1.txt", "d/_hidden/", "d/sub/", "d/_hidden/h", "d/sub/2.txt"]),
        ("all:d", ["d/", "d/.h", "d/1.txt", "d/_hidden/", "d/sub/", "d/_hidden/h", "d/sub/2.txt"]),
    ],
)
def test_file_systems(patterns: str, names: list[str], folder: Path):
    ((new,),) = embedded(folder, f"//go:embed {patterns}\nvar s embed.FS")
    assert [entry[0].decode() for entry in new.value] == names


def test_library():
    checked = Loader().library("encoding/json/internal/jsontest")
    assert checked is not None
    [(var, (new,))] = checked.embeds.items()
    assert var.name == "testdataFS"
    assert b"_embed/canada_geometry.json.zst" in [entry[0] for entry in new.value]
