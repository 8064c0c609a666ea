"""The language server: LSP around the analysis of `st2lang`."""
