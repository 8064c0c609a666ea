"""A real client at the other end of a real server process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
SERVER = [sys.executable, "-m", "st2lang.commands.main", "lsp"]


@pytest_lsp.fixture(config=ClientServerConfig(server_command=SERVER))
async def client(lsp_client: LanguageClient, tmp_path: Path) -> AsyncIterator[None]:
    """A client that is told diagnostics, in an empty workspace."""
    capabilities = client_capabilities("visual-studio-code")
    assert capabilities.text_document
    capabilities.text_document.diagnostic = None

    @lsp_client.feature(lsp.CLIENT_REGISTER_CAPABILITY)
    def register(params: lsp.RegistrationParams) -> None:
        """The client watches nothing; the tests tell what has changed."""

    await lsp_client.initialize_session(
        lsp.InitializeParams(
            capabilities=capabilities,
            workspace_folders=[lsp.WorkspaceFolder(uri=tmp_path.as_uri(), name="workspace")],
        )
    )
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def patience() -> float:
    """Seconds to wait for what the server does by itself before calling it lost."""
    return 10.0


__all__ = ["EXAMPLES", "asyncio", "client"]
