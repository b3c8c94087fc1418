"""The content-addressed cache: files under their digests, written atomically, bounded in size.

Concurrent builds are safe: an entry appears by `rename`, complete or not at all, and the same name always means the
same content. Entries are dropped oldest use first when the cache outgrows its limit.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from goir.build.fastpath import cache_dir

LIMIT_BYTES = 4 << 30
_PRUNE_INTERVAL_SECONDS = 24 * 3600


def digest_of(parts: Iterable[str | bytes]) -> str:
    """A digest of the parts, each with its length, so that no two lists of parts share one."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()


def write_atomically(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Make a file appear whole: readers see the old content, or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


class Cache:
    """Entries by key and suffix under one folder."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or cache_dir()

    def path(self, key: str, suffix: str) -> Path:
        """Where the entry lies, or would."""
        return self.root / "data" / key[:2] / (key + suffix)

    def get(self, key: str, suffix: str) -> Path | None:
        """The entry's file, marked as used just now, or None."""
        path = self.path(key, suffix)
        try:
            os.utime(path)
        except OSError:
            return None
        return path

    def put(self, key: str, suffix: str, data: bytes, mode: int = 0o644) -> Path:
        """Store an entry and return its file."""
        path = self.path(key, suffix)
        write_atomically(path, data, mode)
        return path

    def adopt(self, key: str, suffix: str, made: Path) -> Path:
        """Move a finished file of the same file system (see `scratch`) into the cache."""
        path = self.path(key, suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(made, path)
        return path

    def scratch(self) -> tempfile.TemporaryDirectory[str]:
        """A folder for work in progress on the cache's own file system; removed when left."""
        self.root.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=self.root, prefix="work-")

    def record(self, action: Path, executable: Path, inputs: Mapping[str, str]) -> None:
        """Leave an action record for `fastpath.lookup`."""
        content = {"executable": str(executable), "inputs": dict(inputs)}
        write_atomically(action, json.dumps(content).encode())

    def prune(self, limit: int = LIMIT_BYTES) -> int:
        """Drop what was used longest ago until the cache is within its limit; answers the bytes freed."""
        for folder in self.root.glob("work-*"):  # of builds that were killed
            try:
                if time.time() - folder.stat().st_mtime > _PRUNE_INTERVAL_SECONDS:
                    shutil.rmtree(folder, ignore_errors=True)
            except OSError:
                continue  # another build is done with it
        entries: list[tuple[float, int, Path]] = []
        for where, _, names in os.walk(self.root):  # which takes folders that go meanwhile as empty
            for path in (Path(where, name) for name in names):
                try:
                    status = path.lstat()
                except OSError:
                    continue  # another build removed it
                entries.append((status.st_mtime, status.st_size, path))
        total, freed = sum(size for _, size, _ in entries), 0
        for _, size, path in sorted(entries, key=lambda e: e[0]):
            if total - freed <= limit:
                break
            path.unlink(missing_ok=True)
            freed += size
        return freed

    def prune_sometimes(self) -> None:
        """Prune at most once a day."""
        stamp = self.root / "pruned"
        try:
            if time.time() - stamp.stat().st_mtime < _PRUNE_INTERVAL_SECONDS:
                return
        except OSError:
            pass
        write_atomically(stamp, b"")
        self.prune()

    def clear(self) -> None:
        """Drop everything."""
        self.prune(limit=0)
