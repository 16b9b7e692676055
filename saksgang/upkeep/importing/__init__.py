"""Bringing cases over from another system. The files are described in docs/import-format.md."""
