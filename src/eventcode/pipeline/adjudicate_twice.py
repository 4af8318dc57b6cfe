"""How far two adjudicators agree, who decided a sample of documents independently of each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from eventcode.pipeline import agree
from eventcode.pipeline.agree import Measured
from eventcode.pipeline.agree_settings import plan
from eventcode.pipeline.agree_twice import as_coders as as_coders
from eventcode.project import Dataset


def measured(dataset: Dataset, **options: Any) -> Measured:
    """The agreement of the two adjudications of a dataset, measured as that of its coders is (`pipeline.agree.measured`).

    DatasetError where no document was wholly decided by both.
    """
    # Every document in the sample counts, whatever the sample of readings that it comes from.
    held = as_coders(dataset)
    return agree.of(held, agree.world_of(held, replace(plan(dataset, **options), samples=None)))
