"""The sheets of the workbook that a planner reads on paper: townships, actions, stations.

In Chinese, the largest first; the codes and all figures are in the files for map programs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from locator.county import PROVENANCE_ZH, STATUS_ZH
from locator.coverage.week import DAY_WORDS
from locator.outputs.coverage_words import people, percent
from locator.outputs.lineage import provenance_of
from locator.outputs.words import one_line, word
from locator.release.publish import Release
from locator.stations.hours_in_chinese import hours_shown

UNKNOWN = "不详"
WHOLE, TENTH, SHARE, DEGREES = "#,##0", "0.0", "0%", "0.000000"


@dataclass(frozen=True)
class Sheet:
    """A table with its headings; ``formats`` are number formats by column (0 the first), ``notes``
    the sentences below it. Only the first ``printed`` columns go on paper, where it is given."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    formats: Mapping[int, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    printed: int | None = None


def township_sheets(release: Release) -> list[Sheet]:
    """The townships, most rider-hours first; none in a release made before there were any."""
    measured = release.json("public/coverage.json").get("measures") or {}
    found = measured.get("townships", ())
    if not found:
        return []
    reach = f"{measured['reach_min']:g} 分钟内"
    return [
        Sheet(
            "乡镇",
            ("乡镇", "骑手时/周", f"工作日{reach}有站可去", f"休息日{reach}有站可去",
             f"{reach}有两处以上", "一半骑手几分钟内有站开着", "九成骑手几分钟内有站开着",
             "最缺的一小时", "站数", "夜里开的站"),
            [
                (
                    one_line(said["name"] or UNKNOWN), said["rider_hours"],
                    said["covered"]["workday"], said["covered"]["dayoff"], said["backup"]["week"],
                    *_minutes(said), _worst(said), said["stops"], said["open_at_night"],
                )
                for said in sorted(
                    found, key=lambda row: (-(row["rider_hours"] or 0), row["name"] or "~")
                )
            ],
            {1: WHOLE, 2: SHARE, 3: SHARE, 4: SHARE, 5: TENTH, 6: TENTH},
            ("骑手时：骑手乘以小时，一周（五个工作日、两个休息日）合计。",),
        )
    ]  # fmt: skip


def action_sheet(release: Release) -> Sheet:
    """The recommended actions, best first, and what they rest on."""
    held = "public/actions.json" in release.files
    said: Mapping[str, Any] = release.json("public/actions.json") if held else {}
    actions = said.get("actions", ())
    if actions:
        together = (
            f"一起做：每周多服务 {people(said['gain'])} 骑手时，每年 {said['cost']:,.0f} 元。"
            "每件的数是单做这一件多出来的，几件不能相加。"
        )
    else:
        together = "" if held else "这一版里没有建议（旧程序生成的）：重新生成一版即可。"
    notes = (together, said.get("note_zh") or "", said.get("assumptions_zh") or "")
    return Sheet(
        "怎么办",
        ("地点", "做什么", "每周多服务（骑手时）", "每年花费（元，假定）",
         "每万元多服务（骑手时/周）", "稳不稳"),
        [
            (
                action["name_zh"], action["what_zh"], action["gain"], action["cost"],
                action["gain"] / action["cost"] * 10_000 if action["cost"] else None,
                action.get("robust_zh") or "",
            )
            for action in actions
        ],
        {2: WHOLE, 3: WHOLE, 4: WHOLE},
        [one_line(note) for note in notes if note],
    )  # fmt: skip


def station_sheet(release: Release) -> Sheet:
    """The stations, hours and codes in Chinese."""
    services = release.manifest["services"]
    return Sheet(
        "驿站",
        ("编号", "类型", "名称", "经度", "纬度", "乡镇", "地址", "开放时间", "服务", "状态",
         "来源"),
        [
            (
                row["id"], word(release.manifest, "kinds", row["kind"]).zh, row["name"],
                *feature["geometry"]["coordinates"], row["township"], row["address"],
                hours_shown(row["hours"]) if row["hours"] else UNKNOWN,
                "、".join(services.get(code, {}).get("zh", code) for code in row["services"]),
                STATUS_ZH.get(row["status"], row["status"]), PROVENANCE_ZH[provenance_of(row)],
            )
            for feature in release.json("public/stations.geojson")["features"]
            for row in [feature["properties"]]
        ],
        {3: DEGREES, 4: DEGREES},
    )  # fmt: skip


def _minutes(said: Mapping[str, Any]) -> tuple[Any, Any]:
    """Minutes to the nearest open stop that half, and nine tenths, of a week's riders need."""
    if said["rider_hours"] is None:
        return None, None
    half, most = (said["minutes"]["week"][key] for key in ("p50", "p90"))
    return "到不了" if half is None else half, "到不了" if most is None else most


def _worst(said: Mapping[str, Any]) -> str | None:
    worst = said["worst_hour"]
    if worst is None:
        return None
    share = percent(worst["share"], 1)
    return (
        f"{DAY_WORDS[worst['day']]['zh']} {worst['hour']:02d}:00，"
        f"{people(worst['uncovered'])} 人没有（{share} %）"
    )
