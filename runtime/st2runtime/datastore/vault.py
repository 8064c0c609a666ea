"""Secrets: how they are encrypted, and the key file that does it.

AES-256-GCM under a random key. A sealed value is the text

    st2c:1:<id of the key, 16 hex digits>:<base64url of 12 bytes of nonce, ciphertext, 16 bytes of tag>

with scope, user and name as associated data: a sealed value opens nowhere but where it was stored, so
nobody who can write to the database alone can pass one secret off as another. The id tells which key is
needed without trying it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import stat
from pathlib import Path

from st2runtime.datastore.errors import DatastoreError

PREFIX = "st2c:1:"
ID_LENGTH = 16
_FILE_PREFIX = "st2c-datastore-key:1:"
_NONCE = 12
_KEY = 32
_MOST = 4096  # bytes of a key file; a longer one is none

Place = tuple[str, str, str]
"""Scope, user and name of a key."""


def key_id_of(sealed: str) -> str:
    """The id of the key that a value was sealed with; empty for what is not sealed."""
    head, _, _ = sealed.removeprefix(PREFIX).partition(":")
    return head if sealed.startswith(PREFIX) else ""


class Vault:
    """Seals and opens values with the key in a file, which is read when it is first needed."""

    def __init__(self, key_file: Path) -> None:
        self.key_file = key_file
        self._key: bytes | None = None
        self._id = ""

    def prepare(self, used: frozenset[str]) -> None:
        """Have a key to seal with; `used` are the ids of the keys of the secrets there are.

        Without a secret so far a missing key file is made. Raises `DatastoreError` when there are
        secrets of another key: a datastore has one.
        """
        if self._key is None and not self._read(must=bool(used)):
            _create(self.key_file)
            self._read(must=True)
        if used - {self._id}:
            raise DatastoreError(
                f"the secrets in the datastore were encrypted with another key than that in "
                f"`{self.key_file}`: name the right key file with ST2C_KEY_FILE, or delete those "
                "secrets first"
            )

    def seal(self, text: str, place: Place) -> str:
        """The encrypted form of a text that is to be stored at a place; `prepare` comes first."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        assert self._key is not None
        nonce = os.urandom(_NONCE)
        box = nonce + AESGCM(self._key).encrypt(nonce, text.encode(), _associated(place))
        return f"{PREFIX}{self._id}:{base64.urlsafe_b64encode(box).decode()}"

    def open(self, sealed: str, place: Place) -> str:
        """The text that was sealed for this place.

        Raises `DatastoreError`: the key file is missing, unsafe or another one, or the value was
        changed or moved.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if self._key is None:
            self._read(must=True)
        assert self._key is not None
        name = place[2]
        needed = key_id_of(sealed)
        if needed != self._id:
            raise DatastoreError(
                f"`{name}` was encrypted with another key than that in `{self.key_file}`: name the "
                "right key file with ST2C_KEY_FILE"
                if needed
                else _changed(name)
            )
        try:
            box = base64.urlsafe_b64decode(sealed[len(PREFIX) + ID_LENGTH + 1 :])
            opened = AESGCM(self._key).decrypt(box[:_NONCE], box[_NONCE:], _associated(place))
        except (binascii.Error, InvalidTag, ValueError):
            raise DatastoreError(_changed(name)) from None
        return opened.decode()

    def _read(self, must: bool) -> bool:
        """Read the key file; False when there is none and none has to be."""
        try:
            found = _read(self.key_file)
        except FileNotFoundError:
            if not must:
                return False
            raise DatastoreError(
                f"the key file `{self.key_file}` is missing, without which secrets cannot be "
                "decrypted: put it back, or name it with ST2C_KEY_FILE"
            ) from None
        except OSError as error:
            raise _unusable(self.key_file, error) from error
        self._key = found
        self._id = hashlib.sha256(b"st2c datastore key\0" + found).hexdigest()[:ID_LENGTH]
        return True


def _changed(name: str) -> str:
    return f"`{name}` cannot be decrypted: its stored value was changed or belongs to another key"


def _unusable(path: Path, error: OSError) -> DatastoreError:
    reason = (error.strerror or type(error).__name__).lower()
    return DatastoreError(f"the key file `{path}` cannot be used: {reason}")


def _associated(place: Place) -> bytes:
    return json.dumps(place).encode()


def _read(path: Path) -> bytes:
    """The key in a file. Raises `DatastoreError` for a file that others may read or that is none."""
    with open(path, "rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise DatastoreError(
                f"the key file `{path}` is open to other users (mode {stat.S_IMODE(mode):04o}): run "
                f"`chmod 600 {path}`, and change the secrets if somebody may have read it"
            )
        content = file.read(_MOST)
    head, _, coded = content.decode("ascii", "replace").strip().rpartition(":")
    try:
        key = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if f"{head}:" != _FILE_PREFIX or len(key) != _KEY:
        raise DatastoreError(
            f"`{path}` is no key file of a datastore: its one line begins with `{_FILE_PREFIX}`"
        )
    return key


def _create(path: Path) -> None:
    """Write a new key file unless another process was quicker; never over one that exists."""
    content = f"{_FILE_PREFIX}{base64.b64encode(os.urandom(_KEY)).decode()}\n".encode()
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(temporary, content)
        try:
            _settle(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except FileExistsError:
        return
    except OSError as error:
        raise _unusable(path, error) from error


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _settle(temporary: Path, path: Path) -> None:
    """Give a finished file its name, all at once, where nothing has that name yet."""
    if os.name == "nt":
        os.rename(temporary, path)  # refuses to replace there
        return
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        _write(path, temporary.read_bytes())
