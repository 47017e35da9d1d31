"""Demand reckoned from OpenStreetMap against people counted: do the two rank places alike?

No gridded population is at hand beside the project. What is: the inhabitants of Liechtenstein's
eleven communes, which OpenStreetMap states at their places (``population``), and their outlines
(``admin_level=8``). Riders reckoned at homes and at restaurants are added up by commune, and ranked
against the inhabitants (Spearman). Eleven communes are few, and a commune is no cell of a grid:
this tells whether the reckoning is grossly wrong, not how good it is within a town.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from benchmarks.harness import Budget, Unavailable

EXTRACT = Path(__file__).parents[2] / "shared/data/osm/liechtenstein.osm.pbf"
AS_OF = date(2026, 11, 23)


def claim() -> Budget:
    """The claim, if the extract is here; raises Unavailable where it is not."""
    if not EXTRACT.is_file():
        raise Unavailable("no folder of shared test data beside the project, so no extract.")
    return Budget(
        name="Riders reckoned from OpenStreetMap, by commune of Liechtenstein (11)",
        run=lambda: {
            f"short of a rank correlation of 1, {what}": 1 - rank
            for what, rank in correlations().items()
        },
        limits={
            "short of a rank correlation of 1, at homes": (0.3, ""),
            "short of a rank correlation of 1, in all": (0.3, ""),
        },
        rounds=1,
        note="Against the inhabitants that OpenStreetMap states; 0 is the same order, 1 is none.",
    )


def correlations() -> Mapping[str, float]:
    """Spearman's rank correlation of reckoned riders with inhabitants."""
    found = by_commune()
    people = [one[0] for one in found.values()]
    return {
        what: float(spearmanr(people, [one[at] for one in found.values()]).statistic)
        for at, what in ((1, "at homes"), (2, "in all"))
    }


def by_commune() -> dict[str, tuple[int, float, float]]:
    """Of each commune its inhabitants, and rider-hours of a workday at homes and in all."""
    import osmium

    from locator.coverage.demand.sheets import slots_of
    from locator.geo.within import shape_at
    from locator.starter.boundaries import read_boundaries
    from locator.starter.extract import read_places
    from locator.starter.riders import headcounts
    from locator.starter.source import opened

    with opened(EXTRACT) as source:
        places, _ = read_places(source, None)
    with opened(EXTRACT) as source:
        communes = [one for one in read_boundaries(source).whole if one.level == 8]
    shapes = np.array([one.shape for one in communes], dtype=object)
    stated = [
        (node.tags["name"], int(node.tags["population"]), node.lon, node.lat)
        for node in osmium.FileProcessor(str(EXTRACT), osmium.osm.NODE).with_filter(
            osmium.filter.KeyFilter("population")
        )
        if node.tags.get("place") in ("village", "town")
    ]
    home = shape_at(shapes, [one[2] for one in stated], [one[3] for one in stated])
    rows = headcounts(places, country="LI", timezone="Europe/Vaduz", as_of=AS_OF)
    rows = [row for row in rows if row.day == "工作日"]
    at = shape_at(shapes, [row.lon for row in rows], [row.lat for row in rows])
    hours = np.array([row.riders * len(slots_of(row.day, row.hours)) for row in rows])
    homes = np.array([row.radius_m == 0 for row in rows])
    found = {}
    for name, people, commune in sorted(
        (name, people, commune)
        for (name, people, _, _), commune in zip(stated, home.tolist(), strict=True)
        # A part of a commune has people of its own (Nendeln); the commune's name is its place's.
        if commune >= 0 and name in communes[commune].tags.get("name", "")
    ):
        mine = at == commune
        found[name] = (people, float(hours[mine & homes].sum()), float(hours[mine].sum()))
    return found


if __name__ == "__main__":
    for name, (people, at_homes, in_all) in by_commune().items():
        print(f"{name} | {people} | {at_homes:.0f} | {in_all:.0f}")
    print(correlations())
