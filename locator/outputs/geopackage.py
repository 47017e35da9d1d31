"""A release as a GeoPackage that QGIS opens with its layers drawn and labelled.

The layers are those of `export_layers`; the table ``about`` says where they come from and what is
made up; ``layer_styles`` holds the style of each, which QGIS takes by itself.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from locator.errors import UsageError
from locator.outputs.about_release import about, notice
from locator.outputs.export_layers import LAYERS, export_layers
from locator.outputs.qgis_styles import style
from locator.release.publish import Release

#: As QGIS makes the table itself.
_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT CURRENT_TIMESTAMP)
"""


def write_geopackage(release: Release, path: Path) -> None:
    """Write ``release`` to the GeoPackage ``path``, over what is there.

    One release gives the same bytes with one version of GDAL and SQLite: every time stamp in the
    file is the release's day. Raises UsageError where the file cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.gpkg")
    try:
        _write(release, draft)
        draft.replace(path)
    except (OSError, pyogrio.errors.DataSourceError) as error:
        raise UsageError(f"{path}: 写不了 / cannot be written ({error}); name another.") from error
    finally:
        draft.unlink(missing_ok=True)


def _write(release: Release, path: Path) -> None:
    layers = export_layers(release)
    for number, (layer, table) in enumerate(layers.items()):
        pyogrio.write_dataframe(
            table, path, layer=layer, driver="GPKG", append=number > 0,
            geometry_type=_geometry(layer),
        )  # fmt: skip
    said = pd.DataFrame(about(release), columns=["key", "zh", "en"])
    pyogrio.write_dataframe(said, path, layer="about", driver="GPKG", append=True)
    stamp = f"{release.manifest['as_of']}T00:00:00.000Z"
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(_STYLES)
        file.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles')"
        )
        written = [row[0] for row in file.execute("SELECT table_name FROM gpkg_contents")]
        for layer, (zh, en) in LAYERS.items():
            if layer not in written:
                continue
            file.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
                "f_geometry_column, styleName, styleQML, useAsDefault, description, owner, "
                "update_time) VALUES ('', '', ?, 'geom', ?, ?, 1, ?, '', ?)",
                (layer, layer, style(layer, release), f"{zh} / {en}", stamp),
            )
            file.execute(
                "UPDATE gpkg_contents SET identifier = ?, description = ? WHERE table_name = ?",
                (f"{zh} {layer}", described(layer, layers[layer], release), layer),
            )
        file.execute("UPDATE gpkg_contents SET last_change = ?", (stamp,))


def described(layer: str, table: gpd.GeoDataFrame, release: Release) -> str:
    """What a layer holds, how many of its rows lie nowhere, and what is made up."""
    zh, en = LAYERS[layer]
    said = f"{zh} / {en}。"
    if nowhere := int(table.geometry.isna().sum()):
        said += (
            f"{len(table)} 行里 {nowhere} 行没有图形（底图没有标出它的位置），在属性表里看 / "
            f"{nowhere} of {len(table)} rows have no geometry (the base map does not name the "
            "place); read them in the attribute table。"
        )
    return said + notice(release)


def _geometry(layer: str) -> str:
    of = {"streets": "LineString", "cells": "Polygon", "gaps": "MultiPolygon"}
    return of.get(layer, "Point")
