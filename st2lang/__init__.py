"""The language of StackStorm workflows: parsing, analysis, checks. Pure: no asyncio, no network, no LSP types."""

__version__ = "0.1.0"
