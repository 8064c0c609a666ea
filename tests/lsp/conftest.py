"""A real client at the other end of a real server process."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
SERVER = [sys.executable, "-m", "st2lang.commands.main", "lsp"]


@pytest_lsp.fixture(config=ClientServerConfig(server_command=SERVER))
async def client(lsp_client: LanguageClient, tmp_path: Path) -> AsyncIterator[None]:
    """A client that is told diagnostics, in an empty workspace."""
    await begin(lsp_client, tmp_path)
    yield
    await lsp_client.shutdown_session()


async def begin(
    client: LanguageClient, folder: Path, *, asks: bool = False, options: Any = None
) -> None:
    """Start a session in a folder; `asks` for diagnostics instead of being told."""
    capabilities = client_capabilities("visual-studio-code")
    assert capabilities.text_document
    if not asks:
        capabilities.text_document.diagnostic = None

    @client.feature(lsp.CLIENT_REGISTER_CAPABILITY)
    def register(params: lsp.RegistrationParams) -> None:
        """The client watches nothing; the tests tell what has changed."""

    await client.initialize_session(
        lsp.InitializeParams(
            capabilities=capabilities,
            initialization_options=options,
            workspace_folders=[lsp.WorkspaceFolder(uri=folder.as_uri(), name="workspace")],
        )
    )


@pytest.fixture(scope="session")
def examples() -> Path:
    """The example packs."""
    return EXAMPLES
