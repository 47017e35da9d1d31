"""Recommended actions as files and words: ``public/actions.json``, and the text of the command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from locator.county import PROVENANCE_ZH, County, Provenance, weakest
from locator.coverage.demand import DAYS, SLOTS
from locator.coverage.siting.actions import Action
from locator.coverage.siting.candidates import LEFT_OUT
from locator.coverage.siting.plan import Plan, cheapest, concave
from locator.coverage.siting.robust import DRAWS, TOP, Steadiness
from locator.coverage.supply import ANY_STOP
from locator.coverage.week import DAY_WORDS


def actions_json(
    plan: Plan, steady: list[Steadiness], sources: Mapping[str, Provenance]
) -> dict[str, Any]:
    """What the planner's page, the report and ``locator site --json`` show (`actions.schema.json`).

    ``sources`` is where stations, streets and demand come from. The ``gain`` of an action is what
    it gains by itself, in rider-hours a week, as the what-if of its ``scenario`` finds it;
    ``gain_in_set`` what the set would lose without it. ``spend`` and ``cost`` are yuan a year.
    """
    problem, question = plan.problem, plan.question
    note_zh, note_en = notes(plan)
    assumed_zh, assumed_en = assumptions(plan, sources)
    return {
        "status": status(plan),
        "objective": {
            "services": list(question.aim.services),
            "days": [day for day in DAYS if any(SLOTS[s][0] == day for s in question.aim.slots)],
            "hours": sorted({SLOTS[s][1] for s in question.aim.slots}),
            "reach_min": plan.case.reach_min,
            "actions": question.actions,
            "budget": question.budget,
        },
        "gain": _round(plan.choice.gain),
        "bound": _round(plan.choice.bound),
        "gap_percent": round(plan.choice.gap * 100, 4),
        "coverable": _round(problem.coverable),
        "cost": _round(plan.cost),
        "actions": [
            {
                **action_json(action),
                "gain": _round(problem.gain([j])),
                "gain_in_set": _round(
                    plan.choice.gain - problem.gain([other for other in plan.order if other != j])
                ),
                "robust": {
                    "scenarios": found.scenarios,
                    "chosen": found.chosen,
                    "top": found.top,
                    "gain_least": _round(found.least),
                    "gain_most": _round(found.most),
                },
                "robust_zh": robust_zh(found, at < TOP < len(plan.order)),
                "robust_en": robust_en(found, at < TOP < len(plan.order)),
            }
            for at, (j, action, found) in enumerate(
                zip(plan.order, plan.actions, steady, strict=True)
            )
        ],
        "tie": [
            {"id": action.id, "name_zh": action.name_zh, "what_zh": action.what_zh}
            for action in _tie(plan)
        ],
        "curve": [
            {"spend": _round(point.spend), "gain": _round(point.gain), "actions": point.actions,
             "proven": point.proven}
            for point in plan.curve
        ],
        "concave": concave(plan.curve),
        "left_out": plan.case.left_out,
        "note_zh": note_zh,
        "note_en": note_en,
        "assumptions_zh": assumed_zh,
        "assumptions_en": assumed_en,
    }  # fmt: skip


def status(plan: Plan) -> str:
    """``unknown`` (no demand), ``nothing`` (nothing can be done), ``optimal`` or ``bounded``."""
    if plan.case.demand.provenance is None or not plan.case.demand.riders.any():
        return "unknown"
    return plan.choice.status if len(plan.order) else "nothing"


def action_json(action: Action) -> dict[str, Any]:
    """One action: what it is, where, its cost, and its what-if."""
    return {
        "id": action.id,
        "kind": action.kind,
        "candidate" if action.kind == "open" else "station": action.place,
        "name_zh": action.name_zh,
        "name_en": action.name_en,
        "lon": round(action.lon, 6),
        "lat": round(action.lat, 6),
        "what_zh": action.what_zh,
        "what_en": action.what_en,
        "cost": _round(action.cost),
        "cost_stated": action.stated,
        "scenario": action.scenario,
    }


def robust_zh(found: Steadiness, leads: bool) -> str:
    """How far an action depends on the assumptions; ``leads``: it is one of the first three of
    more."""
    kept, said = (found.top, f"仍属前 {TOP} 项") if leads else (found.chosen, "仍被选中")
    return (
        f"换 {found.scenarios} 种假设，{kept} 种里{said}；"
        f"每周多 {found.least:,.0f}–{found.most:,.0f} 骑手时"
    )


def robust_en(found: Steadiness, leads: bool) -> str:
    """`robust_zh` in English."""
    kept, said = (found.top, f"in the top {TOP}") if leads else (found.chosen, "chosen again")
    return (
        f"{said[0].upper()}{said[1:]} under {kept} of {found.scenarios} other assumptions; "
        f"{found.least:,.0f} to {found.most:,.0f} rider-hours more a week"
    )


def notes(plan: Plan) -> tuple[str, str]:
    """How sure the answer is, what else is as good, and why nothing can be done; zh and en."""
    kind, choice = status(plan), plan.choice
    if kind == "unknown":
        return (
            "需求未知：还没有骑手人数，说不出哪件事最值得做。",
            "Demand is unknown: without a headcount of riders nobody can say what pays most.",
        )
    if kind == "nothing":
        zh, en = _why_nothing(plan)
    elif kind == "optimal":
        zh = f"已证明最优：同样的限制下，没有别的做法每周能多服务超过 {choice.gain:,.0f} 骑手时。"
        en = (
            "Proven optimal: within the same limit no other actions gain more than "
            f"{choice.gain:,.0f} rider-hours a week."
        )
    else:
        zh = f"未证明最优：最好的做法至多再多 {choice.gap * 100:.2f} %。"
        en = f"Not proven optimal: the best actions gain at most {choice.gap * 100:.2f} % more."
    if others := _tie(plan):
        cost = sum(action.cost for action in others)
        zh += f"另一组同样好（每年 {cost:,.0f} 元）：" + "；".join(
            f"{action.name_zh}，{action.what_zh}" for action in others
        ) + "。"  # fmt: skip
        en += f" Another set gains the same ({cost:,.0f} yuan a year): " + "; ".join(
            f"{action.name_en}: {action.what_en}" for action in others
        ) + "."  # fmt: skip
    for reason, ids in plan.case.left_out.items():
        shown = "、".join(ids[:5]) + (" …" if len(ids) > 5 else "")
        why_zh, why_en = _why_left_out(reason, plan.case.county)
        zh += f"候选点 {shown}{why_zh}，没有算（{len(ids)} 处）。"
        en += f" {len(ids)} candidates left out ({why_en}): {shown}."
    return zh, en


def _why_left_out(reason: str, county: County) -> tuple[str, str]:
    """The words of `LEFT_OUT`; where no action is known, with those that are."""
    zh, en = LEFT_OUT[reason]
    if reason != "no_action":
        return zh, en
    known = "、".join(f"{code} {each.zh}" for code, each in county.openings.items())
    return f"{zh}，可写 {known}", f"{en}; there are {', '.join(county.openings)}"


def _why_nothing(plan: Plan) -> tuple[str, str]:
    found, question = cheapest(plan), plan.question
    if found is None:
        if len(plan.seen.options.actions) == 0:
            return (
                "没有可做的事：没有候选点，也没有可以延时或增加服务的站。",
                "There is nothing to do: no candidate site, and no station that could offer more.",
            )
        return (
            "没有一件事能多服务到人：要么都已覆盖，要么候选点骑不到。",
            "No action covers anybody more: all are covered, or the sites are out of reach.",
        )
    action, cost = found
    if question.budget is None:
        return "0 件：一件也不做。", "No action was asked for."
    return (
        f"预算 {question.budget:,.0f} 元：一件也做不了；最便宜的是"
        f"{action.name_zh}，{action.what_zh}，每年 {cost:,.0f} 元。",
        f"A budget of {question.budget:,.0f} yuan buys nothing; the cheapest action is "
        f"{action.name_en}: {action.what_en}, {cost:,.0f} yuan a year.",
    )


def _tie(plan: Plan) -> list[Action]:
    return [] if plan.tie is None else [plan.seen.options.actions[j] for j in plan.tie]


def assumptions(plan: Plan, sources: Mapping[str, Provenance]) -> tuple[str, str]:
    """What the answer rests on, in words: costs, hours, lineage and the scenarios tried."""
    costs = plan.case.county.costs
    of_sites = [site.provenance for site in plan.case.sites.sites]
    used = weakest([*sources.values(), *of_sites])
    zh = (
        "花费是假定的（元/年，不含人工）：候选点文件写明的照文件，其余照县的设置："
        f"每天多开一小时 {costs.extend_hour:,.0f} 元，新站的时间和服务照做法的约定。"
        f"稳不稳是这样试的：各乡镇需求 ±20 %，分片随机 ±20 %（{DRAWS} 次），车速 ±20 %，"
        "歇脚时间早晚一小时；全县需求一起 ±20 % 不改变选择，只改变数字。"
    )
    en = (
        "Costs are assumed (yuan a year, without staff): those of the candidates' file where it "
        f"states one, else the county's settings: {costs.extend_hour:,.0f} yuan for each opening "
        "hour more a day; hours and services of a new stop are those of its kind. Tried besides: "
        f"demand ±20 % by township, ±20 % by neighbourhood at random ({DRAWS} times), speed ±20 %, "
        "rests an hour earlier or later; demand ±20 % everywhere changes the figures, not the "
        "choice."
    )
    if used == "illustrative":
        return f"示意数据，不可引用。{zh}", f"Illustrative data, not to be quoted. {en}"
    return f"数据来源最弱的一项：{PROVENANCE_ZH[used]}。{zh}", f"Weakest source: {used}. {en}"


def actions_text(result: Mapping[str, Any], services: Mapping[str, str], lang: str = "zh") -> str:
    """The result of `actions_json` as text for a terminal; ``services`` are called so, by code."""
    zh = lang == "zh"
    lines = [_asked(result["objective"], services, zh), result[f"note_{lang}"]]
    for number, action in enumerate(result["actions"], start=1):
        lines += [
            "",
            f"{number}. {action['name_zh']}：{action['what_zh']}"
            if zh
            else f"{number}. {action['name_en']}: {action['what_en']}",
            f"   {_worth(action, zh)}",
            f"   {action[f'robust_{lang}']}",
            f"   {action['id']}  {action['scenario']}",
        ]
    if result["actions"]:
        gain, cost, coverable = result["gain"], result["cost"], result["coverable"]
        share = f"{gain / coverable * 100:.0f} %"
        lines += [
            "",
            f"合计：每周多 {gain:,.0f} 骑手时，每年 {cost:,.0f} 元；"
            f"全部做法一起能多 {coverable:,.0f}，这里占 {share}。"
            if zh
            else f"Together: {gain:,.0f} rider-hours more a week for {cost:,.0f} yuan a year; all "
            f"actions at once gain {coverable:,.0f}, this is {share} of it.",
        ]
    if len(result["curve"]) > 1:
        lines += [
            "",
            "每年花多少，每周最多多服务多少骑手时"
            if zh
            else "Rider-hours gained a week at most, by yuan a year",
        ]
        lines += [_point(point, zh) for point in result["curve"][1:]]
        if zh:
            lines.append(
                "在这些点上，越往后每元所得越少。"
                if result["concave"]
                else "注意：在这些点上，并非越往后每元所得越少。"
            )
        else:
            lines.append(
                "At these points each further yuan gains less."
                if result["concave"]
                else "Note: at these points a further yuan does not always gain less."
            )
    return "\n".join([*lines, "", result[f"assumptions_{lang}"]])


def _worth(action: Mapping[str, Any], zh: bool) -> str:
    """What an action gains and costs."""
    gain, alone, cost = action["gain"], action["gain_in_set"], action["cost"]
    said = (
        f"每周多 {gain:,.0f} 骑手时（去掉它少 {alone:,.0f}） · "
        f"每年 {cost:,.0f} 元（{'文件写明' if action['cost_stated'] else '假定'}）"
        if zh
        else f"{gain:,.0f} rider-hours more a week ({alone:,.0f} less without it) · {cost:,.0f} "
        f"yuan a year ({'as the file says' if action['cost_stated'] else 'assumed'})"
    )
    if not cost:
        return said
    per = gain / cost * 10_000
    return said + (
        f" · 每万元 {per:,.0f} 骑手时" if zh else f" · {per:,.0f} rider-hours per 10,000 yuan"
    )


def _point(point: Mapping[str, Any], zh: bool) -> str:
    """A point of the curve: yuan a year, rider-hours gained, how many actions, how sure."""
    money, number = f"{point['spend']:>10,.0f}", point["actions"]
    gain = f"{point['gain']:>10,.0f}"
    if zh:
        return f"  {money} 元  {gain}  {number} 件  {'已证明' if point['proven'] else '至少'}"
    return f"  {money}  {gain}  {number} actions, {'proven' if point['proven'] else 'at least'}"


def _asked(objective: Mapping[str, Any], services: Mapping[str, str], zh: bool) -> str:
    count, budget = objective["actions"], objective["budget"]
    reach = f"{objective['reach_min']:g}"
    names = [
        ("有站可去" if zh else "a stop") if code == ANY_STOP else services[code]
        for code in objective["services"]
    ]
    days, hours = objective["days"], objective["hours"]
    day = "" if len(days) == len(DAYS) else DAY_WORDS[days[0]]["zh" if zh else "en"]
    spans = [f"{a:02d}:00–{b:02d}:00" for a, b in _runs(hours)] if len(hours) < 24 else []
    if zh:
        limit = f"最多 {count} 件" if budget is None else f"预算每年 {budget:,.0f} 元"
        scope = "，".join(filter(None, [day, "、".join(spans)]))
        wanted = f"{reach} 分钟内{'、'.join(names)}"
        return f"{limit}；目标：{wanted}{f'（{scope}）' if scope else ''}"
    limit = f"At most {count} actions" if budget is None else f"{budget:,.0f} yuan a year"
    scope = ", ".join(filter(None, [day, *spans]))
    return f"{limit}; wanted: {', '.join(names)} within {reach} min{f' ({scope})' if scope else ''}"


def _runs(hours: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for hour in hours:
        if runs and runs[-1][1] == hour:
            runs[-1] = (runs[-1][0], hour + 1)
        else:
            runs.append((hour, hour + 1))
    return runs


def _round(value: float) -> float:
    return round(float(value), 3)
