"""Lists of other keepers: whose they are, in which datum, and what is refused."""

from __future__ import annotations

import json
import math
from pathlib import Path

import openpyxl
import pytest

from locator.errors import LedgerError, UsageError
from locator.geo.datum import convert_datum
from locator.stations.map_list import MapList, other_trade, read_map_list, split_keeper

LON, LAT = 116.944, 31.462


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def near(found: MapList, lon: float = LON, lat: float = LAT) -> bool:
    row = found.rows.iloc[0]
    return math.isclose(row["lon"], lon, abs_tol=2e-6) and math.isclose(
        row["lat"], lat, abs_tol=2e-6
    )


def there(datum: str) -> tuple[float, float]:
    x, y = convert_datum(LON, LAT, source="wgs84", target=datum)
    return float(x), float(y)


def test_an_amap_export_is_known_by_its_headings(tmp_path: Path) -> None:
    x, y = there("gcj02")
    text = f'id,name,location,address,tel,adname\nB01,鼓楼驿站,"{x:.7f},{y:.7f}",[],,舒城县\n'
    found = read_map_list(write(tmp_path, "poi.csv", text))
    assert (found.source, found.datum, found.declared) == ("amap", "gcj02", False)
    assert near(found)
    row = found.rows.iloc[0]
    assert (row["key"], row["name"], row["address"], row["district"]) == (
        "B01", "鼓楼驿站", "", "舒城县",
    )  # fmt: skip


def test_a_baidu_export_is_bd09_and_a_tencent_one_gcj02(tmp_path: Path) -> None:
    x, y = there("bd09")
    baidu = f"uid,name,lat,lng,address,telephone\nu1,鼓楼驿站,{y:.7f},{x:.7f},弘毅巷1号,8600001\n"
    found = read_map_list(write(tmp_path, "b.csv", baidu))
    assert (found.source, found.datum) == ("baidu", "bd09")
    assert near(found)
    assert found.rows["phone"].tolist() == ["8600001"]
    x, y = there("gcj02")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["title", "address", "location.lat", "location.lng"])
    sheet.append(["鼓楼驿站", "弘毅巷1号", y, x])
    book.save(tmp_path / "t.xlsx")
    found = read_map_list(tmp_path / "t.xlsx")
    assert (found.source, found.datum) == ("tencent", "gcj02")
    assert near(found)


def test_a_cell_that_names_its_axes_is_read_by_name(tmp_path: Path) -> None:
    x, y = there("bd09")
    text = f"uid,name,location\nu1,鼓楼驿站,\"{{'lat': {y:.7f}, 'lng': {x:.7f}}}\"\n"
    assert near(read_map_list(write(tmp_path, "b.csv", text)))


def test_an_extract_with_tags_of_osm_is_wgs84(tmp_path: Path) -> None:
    properties = {
        "@id": "node/7", "name": "Kluuvin Apteekki", "amenity": "pharmacy",
        "addr:street": "Keskuskatu", "addr:housenumber": "7", "contact:phone": "+358 20 1",
        "operator": "HUS", "opening_hours": "24/7",
    }  # fmt: skip
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [LON, LAT]},
    }
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    found = read_map_list(write(tmp_path, "osm.geojson", text))
    row = found.rows.iloc[0]
    assert (found.source, found.datum) == ("osm", "wgs84")
    assert near(found)
    assert [row[name] for name in ("key", "address", "host", "hours", "phone")] == [
        "node/7", "Keskuskatu 7", "HUS", "24/7", "+358 20 1",
    ]  # fmt: skip


def test_a_ledger_of_this_program_can_be_laid_beside_another(data: Path) -> None:
    found = read_map_list(data / "stations.geojson")
    assert (found.source, found.datum) == ("other", "wgs84")
    assert len(found.rows) == 76


def test_who_made_it_may_be_written_behind_the_name(tmp_path: Path) -> None:
    x, y = there("bd09")
    path = write(tmp_path, "list.csv", f"名称,经度,纬度\n鼓楼驿站,{x:.7f},{y:.7f}\n")
    with pytest.raises(LedgerError, match=r"没有说坐标从哪抄的.*@baidu"):
        read_map_list(path)
    for keeper, source in (("baidu", "baidu"), ("百度", "baidu"), ("bd09", "other")):
        found = read_map_list(path, keeper=keeper)
        assert (found.source, found.datum, found.declared) == (source, "bd09", True)
        assert near(found)
    with pytest.raises(UsageError, match="@google"):
        read_map_list(path, keeper="google")
    assert split_keeper(f"{path}@百度") == (path, "百度")
    assert split_keeper(str(path)) == (path, None)
    odd = write(tmp_path, "list@home.csv", path.read_text("utf-8"))
    assert split_keeper(str(odd)) == (odd, None)


def test_the_union_s_list_may_say_its_datum_row_by_row(tmp_path: Path) -> None:
    x, y = there("gcj02")
    text = f"名称,经度,纬度,坐标来源\n鼓楼驿站,{x:.7f},{y:.7f},高德\n桥头驿站,{LON},{LAT},手机GPS\n"
    path = write(tmp_path, "u.csv", text)
    found = read_map_list(path, keeper="union")
    assert found.source == "union"
    assert near(found)
    assert found.rows["lon"].iloc[1] == LON
    plain = write(tmp_path, "p.csv", f"名称,经度,纬度\n鼓楼驿站,{x:.7f},{y:.7f}\n")
    found = read_map_list(plain, keeper="工会App+高德")
    assert (found.source, found.datum) == ("amap", "gcj02")
    found = read_map_list(plain, keeper="union+gcj02")
    assert (found.source, found.datum) == ("union", "gcj02")
    assert near(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("uid,lat,lng\nu1,31.4,116.9\n", "没找到「名称」"),
        ("name,address,tel\n鼓楼驿站,弘毅巷,1\n", "没找到「经度、纬度」"),
        ("name,lat,lng\n", "只有表头"),
        ("", "空的"),
        ("a,b\n1,2\n", "表头"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(LedgerError, match=said):
        read_map_list(write(tmp_path, "x.csv", text), keeper="wgs84")


def test_keys_that_are_no_keys_are_not_taken(tmp_path: Path) -> None:
    plain = read_map_list(
        write(tmp_path, "p.csv", f"id,name,lng,lat\n1,鼓楼驿站,{LON},{LAT}\n"), keeper="wgs84"
    )
    assert plain.rows["key"].tolist() == ["鼓楼驿站@116.94400,31.46200"]
    twice = f"uid,name,lat,lng\nu,鼓楼驿站,{LAT},{LON}\nu,桥头驿站,{LAT},{LON}\n"
    keys = read_map_list(write(tmp_path, "t.csv", twice)).rows["key"]
    assert keys.is_unique


def test_rows_without_a_point_stay_and_have_none(tmp_path: Path) -> None:
    text = f"uid,name,lat,lng\nu1,甲,,\nu2,乙,0,0\nu3,丙,abc,116\nu4,丁,{LAT},{LON}\n"
    found = read_map_list(write(tmp_path, "t.csv", text))
    assert found.rows["lon"].notna().tolist() == [False, False, False, True]


def test_a_parcel_shop_is_another_trade() -> None:
    assert other_trade({"name": "菜鸟驿站", "trade": ""}) == "菜鸟"
    assert other_trade({"name": "云水驿站", "trade": "住宿服务;旅馆"}) is not None
    assert other_trade({"name": "鼓楼社区工会驿站", "trade": "生活服务"}) is None


def test_headings_that_name_a_map_are_read_as_a_ledgers_are(tmp_path: Path) -> None:
    x, y = there("gcj02")
    text = f"名称,高德经度,高德纬度,地址\n鼓楼驿站,{x:.6f},{y:.6f},示例路1号\n"
    found = read_map_list(write(tmp_path, "a.csv", text))
    assert (found.source, found.datum) == ("amap", "gcj02")
    assert near(found)
    with pytest.raises(LedgerError, match="写着不同的地图"):
        read_map_list(write(tmp_path, "b.csv", text.replace("高德纬度", "百度纬度")))


def test_a_restaurant_is_another_trade() -> None:
    assert other_trade({"name": "城关镇老街快餐店", "trade": ""})
