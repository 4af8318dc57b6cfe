"""Fixtures that more than one test file needs."""

from __future__ import annotations

import pytest

from eventcode.codebook.load import load
from eventcode.model import Codebook
from small import write_small_codebook


@pytest.fixture(scope="session")
def small_codebook(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    """A codebook of two roots with a field of every type."""
    return load(write_small_codebook(tmp_path_factory.mktemp("codebooks")))
