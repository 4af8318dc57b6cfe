"""How long a whole day of GDELT takes: an invented daily file, checked as it lies.

python benchmarks/gdelt_day.py --rows 200000
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import yaml

MAP = Path(__file__).parents[1] / "src" / "eventcode" / "formats" / "foreign" / "maps" / "gdelt-2.yaml"
CODES = {
    "010": ("0", "1"),
    "042": ("1.9", "1"),
    "073": ("7.4", "2"),
    "1124": ("-2", "3"),
    "190": ("-10", "4"),
}
ACTORS = {"USA": ("USA", ""), "SYRGOV": ("SYR", "GOV"), "COP": ("", "COP"), "": ("", "")}
PLACES = {
    "Damascus, Syria": ("4", "SY", "SY13", "33.5", "36.3"),
    "Ohio, United States": ("2", "US", "USOH", "40.3", "-82.8"),
    "": ("0", "", "", "", ""),
}


def rows(count: int, columns: list[str]) -> Iterator[list[str]]:
    """Invented rows of a daily file, of about three to a document."""
    chance = random.Random(4)
    for number in range(count):
        code, (score, quad) = chance.choice([*CODES.items()])
        mentions = chance.randint(1, 40)
        page = chance.randrange(max(count // 3, 1))
        row = dict.fromkeys(columns, "") | {
            "GLOBALEVENTID": str(700_000_000 + number), "SQLDATE": "20170701", "MonthYear": "201707", "Year": "2017",
            "FractionDate": "2017.4959", "IsRootEvent": chance.choice("01"), "EventCode": code, "EventBaseCode": code[:3],
            "EventRootCode": code[:2], "QuadClass": quad, "GoldsteinScale": score, "NumMentions": str(mentions),
            "NumSources": "1", "NumArticles": str(mentions), "AvgTone": f"{chance.uniform(-10, 10):.12f}",
            "DATEADDED": "20170701234500",
            "SOURCEURL": f"https://www.outlet{page % 2_000}.example/news/{page}",
        }  # fmt: skip
        for actor in ("Actor1", "Actor2"):
            own, (country, role) = chance.choice([*ACTORS.items()])
            row |= {
                f"{actor}Code": own,
                f"{actor}Name": own,
                f"{actor}CountryCode": country,
                f"{actor}Type1Code": role,
            }
        for what in ("Actor1Geo", "Actor2Geo", "ActionGeo"):
            name, (sort, country, province, lat, lon) = chance.choice([*PLACES.items()])
            values = {
                "Type": sort,
                "FullName": name,
                "CountryCode": country,
                "ADM1Code": province,
                "Lat": lat,
                "Long": lon,
            }
            row |= {f"{what}_{part}": value for part, value in values.items()}
        yield [row[column] for column in columns]


def main() -> None:
    """Write the file, check it, and print what it took."""
    from eventcode.pipeline.foreign import check_foreign

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    count = parser.parse_args().rows
    columns = yaml.safe_load(MAP.read_text("utf-8"))["reading"]["header"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "20170701.export.CSV"
        with path.open("w", encoding="utf-8") as file:
            file.writelines("\t".join(row) + "\n" for row in rows(count, columns))
        started = time.perf_counter()
        result = check_foreign(path, "gdelt")
        took = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        failed = {found.rule: found.failed for found in result.counts if found.failed}
        size = path.stat().st_size / 2**20
        print(
            f"{count:,} rows, {size:.0f} MB: {took:.1f} s, {count / took:,.0f} rows a second, peak {peak:.0f} MB; {failed}"
        )


if __name__ == "__main__":
    main()
