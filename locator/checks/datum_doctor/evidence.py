"""How well each datum explains where rows say that they are: by landmark, street name, township.

Every function gives log-likelihoods, one row a row of the ledger and one column for each of
`shifts.TRUTHS`, 0 where a row says nothing. All of them are bounded: what a name says may be
wrong (another place of that name, a wrong township), and then it says nothing of the datum.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.spatial import cKDTree

from locator.checks.datum_doctor.names import Gazetteer, gazetteer, plain
from locator.checks.surroundings import Surroundings
from locator.county import County
from locator.geo.crs import WGS84, haversine_m, local_metres

Floats = NDArray[np.float64]

#: A stated position is this far from the door (metres, one axis): a thumb on a map, four decimals.
NOISE_M = 35.0
#: How often a landmark named is not the one beside the station, and how far away that then is.
FALSE_LANDMARK, FALSE_WITHIN_M = 0.05, 3000.0
#: The same of the street in an address, and how far a door is from its street's middle.
FALSE_STREET, STREET_M = 0.15, 40.0
#: How often a stated township is not the one of the outline, and how coarse outlines are.
FALSE_TOWNSHIP, OUTLINE_M = 0.02, 60.0
#: A row within this of where the last release has it has stayed; where others of its source went by
#: a datum's arrow, those that stayed are so surely what is declared.
STAYED_M, STAYED = 50.0, 0.98
#: Fewer rows that stayed say nothing against those that went.
FEWEST_STAYED = 2
#: Streets and buildings are looked up as points this far apart along their lines.
STEP_M = 8.0
#: With fewer buildings than this, the map has not drawn them.
LEAST_BUILDINGS = 20
POLYGON = int(shapely.GeometryType.POLYGON)
#: No datum mistake moves a point farther than this.
FARTHEST_M = 1500.0


@dataclass(frozen=True)
class Ground:
    """What surrounds a county, made ready for the doctor: planes, trees and tables of names."""

    county: County
    surroundings: Surroundings

    @cached_property
    def plane(self) -> Transformer:
        """From WGS-84 degrees to metres around the county's centre."""
        return Transformer.from_crs(WGS84, local_metres(*self.county.centre), always_xy=True)

    def metres(self, lon: Floats, lat: Floats) -> Floats:
        """Points in the plane, the last axis x and y."""
        return np.stack(self.plane.transform(lon, lat), axis=-1)

    @cached_property
    def names(self) -> Gazetteer:
        """The landmarks that a name can be matched with."""
        return gazetteer(self.surroundings.landmarks, self.county.name_zh)

    @cached_property
    def landmark_xy(self) -> Floats:
        """Where they are, in metres."""
        return self.metres(self.names.lon, self.names.lat)

    @cached_property
    def streets(self) -> tuple[Floats, NDArray[np.int64]]:
        """Points along all pieces of street, in metres, and the edge of each."""
        graph = self.surroundings.streets
        xy = self.metres(graph.shape_lon, graph.shape_lat)
        edge = np.repeat(np.arange(len(graph.edge_from)), np.diff(graph.shape_start))
        tail = np.flatnonzero((edge[:-1] == edge[1:]) & np.isin(edge[:-1], graph.pieces))
        points, of = _along(xy[tail], xy[tail + 1])
        return points, edge[tail][of]

    @cached_property
    def street_tree(self) -> cKDTree:
        """For asking how far the nearest street is."""
        return cKDTree(self.streets[0])

    @cached_property
    def building_tree(self) -> cKDTree | None:
        """The same of the walls of buildings; None where the map has next to none."""
        parts = shapely.get_parts(self.surroundings.buildings)
        rings = shapely.get_exterior_ring(parts[shapely.get_type_id(parts) == POLYGON])
        if len(rings) < LEAST_BUILDINGS:
            return None
        corners, of = shapely.get_coordinates(rings, return_index=True)
        xy = self.metres(corners[:, 0], corners[:, 1])
        tail = np.flatnonzero(of[:-1] == of[1:])
        return cKDTree(_along(xy[tail], xy[tail + 1])[0])

    @cached_property
    def street_names(self) -> tuple[tuple[str, ...], dict[str, cKDTree]]:
        """The plain names of streets, and the points along each."""
        points, edge = self.streets
        names, code = np.unique(
            self.surroundings.streets.edge_name.astype(str), return_inverse=True
        )
        of = code[edge]
        order = np.argsort(of, kind="stable")
        cuts = np.searchsorted(of[order], np.arange(len(names) + 1))
        trees: dict[str, cKDTree] = {}
        for at, name in enumerate(names.tolist()):
            word = plain(name)
            if len(word) >= 3 and word not in trees and cuts[at] < cuts[at + 1]:
                trees[word] = cKDTree(points[order[cuts[at] : cuts[at + 1]]])
        return tuple(trees), trees

    @cached_property
    def townships(self) -> tuple[tuple[str, ...], NDArray[np.object_]]:
        """Plain names and outlines in metres; a name that comes twice is left out."""
        shapes = shapely.transform(
            self.surroundings.township_shapes, lambda at: self.metres(at[:, 0], at[:, 1])
        )
        names = [plain(name) for name in self.surroundings.township_names]
        once = [at for at, name in enumerate(names) if names.count(name) == 1]
        return tuple(names[at] for at in once), shapes[once]


def _along(start: Floats, end: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Points at most `STEP_M` apart along segments, and the segment of each."""
    length = np.hypot(*(end - start).T)
    parts = np.maximum(1, np.ceil(length / STEP_M)).astype(np.int64) + 1
    of = np.repeat(np.arange(len(parts)), parts)
    first = np.cumsum(parts) - parts
    share = (np.arange(len(of)) - first[of]) / (parts[of] - 1)
    return start[of] + share[:, None] * (end[of] - start[of]), of


def landmark_evidence(xy: Floats, place: Floats, reach_m: Floats) -> tuple[Floats, Floats]:
    """Of rows (truths, rows, 2) matched with places (rows, 2): log-likelihoods, distances.

    Within its reach a place is everywhere; beyond, likelihood falls off the more softly the larger
    it is, so that a large place says little.
    """
    away = np.hypot(*np.moveaxis(xy - place, -1, 0))
    soft = NOISE_M + 0.5 * reach_m
    area = np.pi * (reach_m**2 + np.sqrt(2 * np.pi) * reach_m * soft + 2 * soft**2)
    near = np.exp(-0.5 * (np.maximum(0.0, away - reach_m) / soft) ** 2) / area
    chance = 1.0 / (np.pi * FALSE_WITHIN_M**2)
    both = (1 - FALSE_LANDMARK) * near + FALSE_LANDMARK * chance
    return np.log(both / chance).T, away.T


def street_name_evidence(xy: Floats, trees: list[cKDTree]) -> tuple[Floats, Floats]:
    """Of rows whose address names a street: log-likelihoods, and the distances to that street
    (infinite where it is too far to count)."""
    away = np.empty(xy.shape[1::-1])
    groups: dict[int, list[int]] = {}
    for at, tree in enumerate(trees):
        groups.setdefault(id(tree), []).append(at)
    for members in groups.values():
        points = xy[:, members].reshape(-1, 2)
        # Ten sigma away the density is lost in rounding; so the tree need not be searched beyond.
        found = np.asarray(trees[members[0]].query(points, distance_upper_bound=10 * STREET_M)[0])
        away[members] = found.reshape(len(xy), -1).T
    near = np.exp(-0.5 * (away / STREET_M) ** 2) / (STREET_M * np.sqrt(2 * np.pi))
    chance = 1.0 / (2 * FARTHEST_M)
    return np.log(((1 - FALSE_STREET) * near + FALSE_STREET * chance) / chance), away


def area_evidence(away_m: Floats) -> Floats:
    """Of how far rows are (rows, truths) outside the area that they state, in metres; 0 within."""
    inside = np.exp(-0.5 * (away_m / OUTLINE_M) ** 2)
    return np.log(FALSE_TOWNSHIP + (1 - FALSE_TOWNSHIP) * inside)


def stayed_evidence(was: Floats, lon: Floats, lat: Floats, declared: int) -> Floats:
    """Of rows that the last release has at ``was`` (degrees, two rows; NaN: it has not), and that
    stand at ``lon``, ``lat`` (truths, rows): log-likelihoods.

    Only where the rows disagree do they say anything: some stayed where they were, others went by
    the very step between two datums. Those that stayed are what is declared. Those that went say
    nothing: wrong now, or wrong then and mended, are alike. And a table that stayed as a whole may
    have been wrong then as it is now.
    """
    found = np.zeros(lon.shape[::-1])
    near = haversine_m(was[0], was[1], lon, lat) <= STAYED_M
    stayed = near[declared]
    if stayed.sum() >= FEWEST_STAYED and (near.any(axis=0) & ~stayed).any():
        found[stayed] = np.log((1 - STAYED) / (len(lon) - 1))
        found[stayed, declared] = np.log(STAYED)
    return found


def outside_shape_m(xy: Floats, shape: shapely.Geometry) -> Floats:
    """How far points (truths, rows, 2) are outside a shape of the plane: (rows, truths) metres."""
    away = np.zeros(xy.shape[:2])
    shapely.prepare(shape)
    out = ~shapely.contains_xy(shape, xy[..., 0], xy[..., 1])
    away[out] = shapely.distance(shape, shapely.points(xy[out]))
    return away.T
