"""What every file to take away says of itself: county, day, release, sources, limits."""

from __future__ import annotations

from locator.outputs.lineage import plan_notices
from locator.outputs.words import one_line
from locator.release.publish import Release


def about(release: Release) -> list[tuple[str, str, str]]:
    """Rows of (key, Chinese, English); what is made up, estimated or unchecked comes first."""
    manifest, county = release.manifest, release.county
    notices = zip(plan_notices(manifest, "zh"), plan_notices(manifest, "en"), strict=True)
    credit = one_line(manifest["attribution"])
    approval = one_line(manifest.get("approval_number") or "")
    rows = [
        *(
            ("notice", f"{zh[0]}：{zh[1]}", f"{en[0]}: {en[1]}")
            for zh, en in notices
        ),
        ("provenance", one_line(manifest["provenance_zh"]),
         f"weakest source: {manifest['provenance']['weakest']}"),
        ("county", county["name_zh"], county["name_en"]),
        ("as_of", manifest["as_of"], manifest["as_of"]),
        ("release", release.hash, release.hash),
        ("crs", "WGS-84 经纬度（EPSG:4326）", "WGS-84 degrees (EPSG:4326)"),
        ("covered", "出发后按时到达开着的站，并能再停留 10 分钟；整点过半出发",
         "a stop is open on arrival and for ten minutes more; leaving at half past the hour"),
        ("boundaries", "不含行政区划界线", "no administrative boundary is included"),
    ]  # fmt: skip
    if credit:
        rows.append(("attribution", credit, credit))
    if approval:
        rows.append(("approval_number", approval, approval))
    return rows


def notice(release: Release) -> str:
    """The first thing to know of the file, in Chinese: what is made up, else where it is from."""
    first = about(release)[0]
    return first[1]
