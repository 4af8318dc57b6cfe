"""The Spark session that a check runs in: the one that is there, or a quiet one of our own on this machine."""

from __future__ import annotations

import logging
import os
import shutil
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from eventcode.errors import EventcodeError

OURS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.session.timeZone": "UTC",
    "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={Path(__file__).with_name('log4j2.properties').as_uri()}",
}
SUBMITTED = ("PYSPARK_GATEWAY_PORT", "SPARK_REMOTE")  # set where somebody else has decided how Spark runs


def session() -> Any:
    """The active session; where there is none, a new one. It is never stopped here: it may not be ours, and the next check needs it."""
    if find_spec("pyspark") is None:
        raise EventcodeError("pyspark is not installed", hint="pip install 'eventcode[spark]'")
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    if active is not None:
        return active
    builder: Any = SparkSession.builder.appName("eventcode")
    if not any(name in os.environ for name in SUBMITTED):
        if java() is None:
            raise EventcodeError(
                "Spark needs Java, and there is none here", hint="install Java 17, or set JAVA_HOME"
            )
        for name, value in OURS.items():
            builder = builder.config(name, value)
        if not any(name in os.environ for name in ("SPARK_HOME", "SPARK_CONF_DIR")):
            builder = builder.config("spark.sql.shuffle.partitions", str(2 * (os.cpu_count() or 4)))
        repeated = logging.getLogger("SQLQueryContextLogger")  # says again, as JSON, what is raised anyway
        repeated.disabled = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about versions of packages that are not used here
        return builder.getOrCreate()


def java() -> str | None:
    """The Java that Spark would start, if there is one."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
