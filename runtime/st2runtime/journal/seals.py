"""How the secrets of a journal are encrypted: with the key file of the datastore."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from st2runtime.journal.errors import JournalError

if TYPE_CHECKING:
    from st2runtime.datastore.vault import Vault


class Seals:
    """Seals and opens secrets with the key in a file (by default that of the datastore)."""

    def __init__(self, key_file: Path | None) -> None:
        self._key_file = key_file
        self._opened: Vault | None = None

    def seal(self, texts: Sequence[str], execution: str, first: int) -> list[str]:
        """The encrypted forms of texts that are the secrets of an execution from a position on.

        Without a key file one is made. Raises `JournalError`.
        """
        from st2runtime.datastore.errors import DatastoreError

        try:
            vault = self._vault()
            vault.prepare(frozenset())
            return [
                vault.seal(text, _place(execution, first + index))
                for index, text in enumerate(texts)
            ]
        except DatastoreError as error:
            raise JournalError(f"the journal cannot encrypt secrets: {error}") from error

    def open(self, sealed: str, execution: str, position: int) -> str:
        """A secret. Raises `JournalError`: the key is missing or another one, or it was changed."""
        from st2runtime.datastore.errors import DatastoreError

        try:
            return self._vault().open(sealed, _place(execution, position))
        except DatastoreError as error:
            raise JournalError(f"a secret in the journal cannot be decrypted: {error}") from error

    def _vault(self) -> Vault:
        if self._opened is None:
            from st2runtime.datastore.places import default_key_file, default_path
            from st2runtime.datastore.vault import Vault

            self._opened = Vault(self._key_file or default_key_file(default_path()))
        return self._opened


def _place(execution: str, position: int) -> tuple[str, str, str]:
    return ("journal", execution, f"secret {position}")
