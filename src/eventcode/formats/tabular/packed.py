"""Bytes of a file, unpacked on the way: plain, gzip, or a zip archive with one member. Bombs are refused."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from eventcode.errors import DatasetError

PACKED = (".gz", ".zip")
FREE = 64 * 2**20  # so much may come out of any archive
RATIO = 200  # beyond that, so many times the packed size


def plain_suffix(path: Path) -> str:
    """The suffix that says what a file holds: `.csv` for events.csv and events.csv.gz; of a zip archive that of its member."""
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return Path(path.stem).suffix.lower()
    if suffix == ".zip":
        with _refusing(path), zipfile.ZipFile(path) as archive:
            return Path(_member(path, archive).filename).suffix.lower()
    return suffix


@contextmanager
def stream(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file; DatasetError where it cannot be opened, is damaged, or unpacks to more than it should."""
    import gzip

    suffix = path.suffix.lower()
    with _refusing(path):
        if suffix == ".gz":
            with gzip.open(path) as unpacked:
                yield _guarded(cast(IO[bytes], unpacked), path, path.stat().st_size)
        elif suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                member = _member(path, archive)
                with archive.open(member) as unpacked:
                    yield _guarded(unpacked, path, max(member.compress_size, 1))
        else:
            with path.open("rb") as plain:
                yield plain


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
        raise DatasetError(
            f"{path.name} is damaged or no {path.suffix.lower()} file: {error}",
            "fetch it again from its origin",
        ) from error
    except RuntimeError as error:  # zipfile's way to say that a password is needed
        raise DatasetError(f"{path.name} cannot be unpacked: {error}", "unpack it by hand") from error
    except OSError as error:
        damaged = type(error).__name__ == "BadGzipFile"
        hint = "fetch it again from its origin" if damaged else "check the name and the rights"
        raise DatasetError(f"{path} cannot be read: {error.strerror or error}", hint) from error


def _member(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [
        info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")
    ]
    if len(members) != 1:
        raise DatasetError(
            f"{path.name} holds {len(members)} files, and one is wanted", "unpack it and name the file"
        )
    if members[0].filename.lower().endswith(PACKED):
        raise DatasetError(f"{path.name} holds another archive", "unpack it and name the file")
    return members[0]


class _Guard(io.RawIOBase):
    """Bytes on their way out of an archive, counted."""

    def __init__(self, inner: IO[bytes], path: Path, packed: int) -> None:
        self.inner, self.path = inner, path
        self.most, self.seen = max(FREE, RATIO * packed), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.inner.read(len(buffer))
        self.seen += len(data)
        if self.seen > self.most:
            raise DatasetError(
                f"{self.path.name} unpacks to more than {self.most // 2**20:,} MB, {RATIO} times its size",
                "if it is what it should be, unpack it by hand",
            )
        buffer[: len(data)] = data
        return len(data)


def _guarded(inner: IO[bytes], path: Path, packed: int) -> IO[bytes]:
    return cast(IO[bytes], io.BufferedReader(_Guard(inner, path, packed), 2**18))


def check_workbook(path: Path) -> None:
    """Refuse a workbook, which is a zip archive, that would unpack to a bomb."""
    with _refusing(path), zipfile.ZipFile(path) as archive:
        whole = sum(info.file_size for info in archive.infolist())
        if whole > max(FREE, RATIO * path.stat().st_size):
            raise DatasetError(
                f"{path.name} unpacks to {whole // 2**20:,} MB, more than {RATIO} times its size",
                "save it as CSV with the program that made it",
            )
