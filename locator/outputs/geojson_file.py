"""A release as one GeoJSON file: all the layers of `export_layers` in one collection."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import shapely

from locator.errors import UsageError
from locator.files import write_atomically
from locator.outputs.about_release import about
from locator.outputs.export_layers import export_layers
from locator.release.publish import Release, canonical_json


def write_geojson(release: Release, path: Path) -> None:
    """Write ``release`` to ``path`` as a GeoJSON FeatureCollection (RFC 7946), always the same
    bytes.

    Each feature says its ``layer``; the member ``about`` says where the data come from and what is
    made up. Raises UsageError where the file cannot be written.
    """
    features = [
        {
            "type": "Feature",
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
            "properties": {"layer": layer, **{key: _plain(said) for key, said in row.items()}},
        }
        for layer, table in export_layers(release).items()
        for row, shape in zip(
            table.drop(columns="geometry").to_dict("records"), table.geometry, strict=True
        )
    ]
    said = [dict(zip(("key", "zh", "en"), row, strict=True)) for row in about(release)]
    content = {"type": "FeatureCollection", "about": said, "features": features}
    try:
        write_atomically(path, canonical_json(content) + b"\n")
    except OSError as error:
        raise UsageError(
            f"{path}: 写不了 / cannot be written ({error.strerror}); name another."
        ) from error


def _plain(value: Any) -> Any:
    """A value of a table as JSON has it; what is missing is null."""
    if isinstance(value, float) and math.isnan(value):
        return None
    return value.item() if hasattr(value, "item") else value
