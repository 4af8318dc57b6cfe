"""great_expectations as we use it: imported when it is needed, in memory, silent, without telemetry, temporary files or network."""

from __future__ import annotations

import copy
import logging
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

CONNECT = "pyspark.sql.connect"


def library() -> Any:
    """great_expectations, imported with its telemetry off, which takes seconds.

    It looks for Spark Connect. Where pyspark is there without the packages that this needs, looking can end the program (in
    `python -c`, for one): then Spark Connect is made to look as absent as it is.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    hidden = CONNECT not in sys.modules and find_spec("grpc") is None
    if hidden:
        sys.modules[CONNECT] = None  # type: ignore[assignment]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import great_expectations
    finally:
        if hidden:
            del sys.modules[CONNECT]
    return great_expectations


@contextmanager
def quiet() -> Iterator[None]:
    """No warnings and no log lines of great_expectations while it works: what matters is in its results."""
    logger = logging.getLogger("great_expectations")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def context(pages: Path | None = None, name: str = "pages") -> Any:
    """A context in memory; `pages` is the folder for Data Docs, and `name` what they are called.

    Its default would name a temporary one, and draw progress bars.
    """
    gx = library()
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars={"globally": False, "metric_calculations": False},
        data_docs_sites={name: _site(pages)} if pages else None,
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def batch(source: Any, table: str, frame: Any) -> Any:
    """A frame as the whole of a table, to be validated."""
    whole = source.add_dataframe_asset(table).add_batch_definition_whole_dataframe("whole")
    return whole.get_batch(batch_parameters={"dataframe": frame})


def _site(folder: Path) -> dict[str, Any]:
    backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.resolve())}
    return {
        "class_name": "SiteBuilder", "store_backend": backend, "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "show_how_to_buttons": False,
    }  # fmt: skip


def loaded(data: Mapping[str, Any]) -> Any:
    """A suite as an object, made of a copy, for great_expectations writes its version into what it is given.

    It only logs an expectation that it cannot read, and leaves it out: here that is an error.
    """
    suite = library().ExpectationSuite(**copy.deepcopy(dict(data)))
    if len(suite.expectations) != len(data["expectations"]):
        raise ValueError(
            f"great_expectations does not understand every expectation of the suite {data['name']}"
        )
    return suite
