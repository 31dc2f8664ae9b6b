"""Two folders trade places in one step, so that a killed process leaves the old one or the new one, whole.

Linux does it by `renameat2` with RENAME_EXCHANGE. Where the system or the file system cannot, two renames
do it, and `heal` puts right what a process killed between them left behind.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

#: <linux/fs.h> and <fcntl.h>.
_RENAME_EXCHANGE, _AT_FDCWD = 2, -100
#: What a system says that does not know the call, or a file system that cannot do it.
_UNABLE = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTTY, errno.EPERM})


def exchange(one: Path, other: Path) -> bool:
    """The two paths trade what they name, in one step; False where that cannot be done here.

    Raises OSError for everything else (a path that is not there, no permission ...).
    """
    call = _renameat2()
    if call is None:
        return False
    if call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNABLE:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))


def _renameat2() -> Callable[..., int] | None:
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):  # another system, or a C library without the call
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    call.restype = ctypes.c_int
    found: Callable[..., int] = call
    return found


def swap(new: Path, final: Path, old: Path) -> None:
    """`new` takes the place `final`.

    What stood there is at `new` or at `old` afterwards, for the caller to remove.
    """
    if not final.exists():
        new.rename(final)
        return
    if exchange(new, final):
        return
    final.rename(old)
    try:
        new.rename(final)
    except BaseException:
        old.rename(final)
        raise


# --- what a killed process leaves behind ---------------------------------------------------------------


def beside(final: Path, token: str, end: str) -> Path:
    """Where a folder is made before it takes its place (`new`), or put away (`old`)."""
    return final.parent / f".{final.name}.{token}.{end}"


#: A folder this young may have been made a moment ago by a process that has not taken hold of it yet.
_SECONDS = 10.0


@contextmanager
def held(path: Path, *, wait: bool = False) -> Iterator[bool]:
    """Hold the folder for this process; False when another process holds it and this one does not wait.

    The hold ends with the process, however it ends. Where folders cannot be held (Windows, some network
    drives) nobody else is taken to be there.
    """
    handle = _lock(path, wait)
    if handle is None:
        yield False
        return
    try:
        yield True
    finally:
        if handle >= 0:
            os.close(handle)


def _lock(path: Path, wait: bool) -> int | None:
    """A handle that holds the folder, -1 where that cannot be done, None when another process holds it."""
    try:
        import fcntl

        handle = os.open(path, os.O_RDONLY)
    except (ImportError, OSError):
        return -1
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    except OSError:
        os.close(handle)
        return -1
    return handle


def heal(final: Path) -> None:
    """Put back a folder that a killed process had put away, and remove what others left.

    What a living process is working on is left alone.
    """
    there = sorted(final.parent.glob(f".{_plain(final.name)}.*"))
    for path in (path for path in there if _ours(final, path)):
        with held(path) as free:
            if not free or _just_made(path):
                continue
            if path.suffix == ".old" and not final.exists():
                path.rename(final)
            else:
                shutil.rmtree(path, ignore_errors=True)


def _just_made(path: Path) -> bool:
    try:
        return not any(path.iterdir()) and time.time() - path.stat().st_mtime < _SECONDS
    except OSError:
        return False


def _plain(name: str) -> str:
    """The name with the characters that `glob` reads in its own way taken as they are."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)


def _ours(final: Path, path: Path) -> bool:
    """Whether the name is one that `beside` makes."""
    token, _, end = path.name.removeprefix(f".{final.name}.").partition(".")
    return end in ("new", "old") and len(token) == 8 and path.is_dir() and not path.is_symlink()
