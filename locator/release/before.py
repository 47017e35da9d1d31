"""What the gaps of a new release are told of the one before."""

from __future__ import annotations

from datetime import date

from locator.coverage.gap_succession import Before
from locator.coverage.supply import ANY_STOP
from locator.release.publish import Release


def read_before(release: Release) -> Before:
    """What a release says of its gaps and of what they were made from.

    Releases made before there were gaps of services have those of any stop alone.
    """
    coverage = release.json("public/coverage.json")
    of_services = "public/gaps.json" in release.files
    return Before(
        release=release.hash,
        as_of=date.fromisoformat(coverage["as_of"]),
        dates={day: date.fromisoformat(said) for day, said in coverage["dates"].items()},
        reach_min=coverage["reach_min"],
        gaps=release.json("public/gaps.json") if of_services else {ANY_STOP: coverage["gaps"]},
        stations=release.stations(),
        riders={cell["h3"]: cell["riders"] for cell in release.json("public/cells.json")["cells"]},
    )
