"""The expectation that carries a rule: importing this module, which takes seconds, makes it known to great_expectations."""

from __future__ import annotations

from typing import Any, ClassVar

import pandas as pd
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    MulticolumnMapMetricProvider,
    multicolumn_condition_partial,
)

from eventcode.checks.breaking import breaking

METRIC = "eventcode.rows_follow_rule"


class RowsFollowRule(MulticolumnMapMetricProvider):  # type: ignore[misc]
    """Whether each row of a batch follows a rule, as DuckDB says."""

    condition_metric_name = METRIC
    condition_value_keys = ("program",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: pd.DataFrame, program: Any, **kwargs: Any) -> Any:  # noqa: N805
        return pd.Series(~breaking(column_list, program), index=column_list.index)


class ExpectRowsToFollowRule(MulticolumnMapExpectation):  # type: ignore[misc]
    """Expect the rows of a table to follow a rule of a codebook.

    `program` comes from `checks.predicate`; rows that the rule does not apply to, and those where nobody can say, follow it.
    """

    rule: str
    program: dict[str, Any]
    ignore_row_if: str = "never"

    map_metric: ClassVar[str] = METRIC
    success_keys: ClassVar[tuple[str, ...]] = ("mostly", "program")
    args_keys: ClassVar[tuple[str, ...]] = ("column_list", "rule", "program")
