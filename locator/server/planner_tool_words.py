"""The words of the planner's tool, Chinese first: playing the hours, trying what would help."""

from __future__ import annotations

TOOL_WORDS: dict[str, tuple[str, str]] = {
    # --- choosing and playing ---
    "choices": ("看什么", "What to look at"),
    "choose_reach": ("骑多久算近", "Within"),
    "reach_minutes": ("{minutes} 分钟", "{minutes} min"),
    "choose_area": ("看哪里", "Where"),
    "area_all": ("全县", "The whole county"),
    "area_draw": ("在地图上画一片…", "Draw an area on the map …"),
    "area_view": ("地图上看到的范围", "What the map shows"),
    "area_drawn": ("画的范围里", "In the drawn area"),
    "area_first": (
        "沿着边，一个角一个角地点；按 Esc 取消。",
        "Click corner by corner; Esc cancels.",
    ),
    "area_next": ("接着点下一个角。", "Now the next corner."),
    "area_close": ("接着点下一个角，或者：", "The next corner, or:"),
    "ask_keys": (
        "用键盘：方向键移动地图，回车取十字处。",
        "By keys: arrows move the map, Enter takes the cross.",
    ),
    "area_done": ("画好了", "Done"),
    "area_back": ("退一步", "Back"),
    "area_note": (
        "时钟、地图、缺口和方案的得失只算{area}（{cells} 格）；标题、推荐的事和下面各表算全县。",
        "Clock, map, gaps and what a plan brings count this area alone: {area} ({cells} cells); "
        "the headline, the recommended actions and the tables below count the whole county.",
    ),
    "area_empty": (
        "选的地方没有骑手的格子，看的是全县。",
        "No cell with riders lies in the chosen area: this is the whole county.",
    ),
    "choose_kind": ("哪类站点", "Kind of stop"),
    "every_kind": ("各类站点", "Every kind"),
    "time_strip": ("几点", "Hour of the day"),
    "play": ("播放", "Play"),
    "pause": ("暂停", "Pause"),
    "hour_back": ("前一小时", "An hour earlier"),
    "hour_on": ("后一小时", "An hour later"),
    "playing": ("正在逐小时播放", "Playing hour by hour"),
    "strip_any": ("{uncovered} 名骑手无站可去", "{uncovered} riders without a stop"),
    "strip_service": ("{uncovered} 名骑手得不到{service}", "{service}: {uncovered} riders without"),
    "reach_note": (
        "时钟、地图和缺口按 {reach} 分钟重算；缺口的范围、推荐的事和下面各表仍按 {usual} 分钟。",
        "The clock, the map and the gaps are reckoned anew for {reach} minutes; the gaps' "
        "outlines, the recommended actions and the tables below keep to {usual}.",
    ),
    "kind_note": (
        "只算{kind}。缺口的范围、推荐的事和下面各表仍算各类站点。",
        "Only this kind counts: {kind}. The gaps' outlines, the recommended actions and the tables "
        "below count every kind.",
    ),
    "engine_missing": (
        "这个版本里没有推演用的数据：请重新构建（locator build）后再试方案。",
        "This release holds no data to try things with: build it anew (locator build) first.",
    ),
    # --- the gaps, ranked ---
    "gaps_by": ("按什么排", "Ranked by"),
    "gaps_by_hour": ("这一小时", "This hour"),
    "gaps_by_week": ("一周合计", "A week"),
    "gaps_now": (
        "{count} 处缺口，最大一处{name}，{size}",
        "{count} gaps, the largest {name}: {size}",
    ),
    "gaps_now_one": ("一处缺口：{name}，{size}", "One gap, {name}: {size}"),
    "gaps_now_none": ("没有缺口", "no gaps"),
    "gaps_what_hour": (
        "相连的、无站可去的格子合成一处；按这一小时无站可去的骑手从多到少排，地图上编号相同。",
        "Neighbouring cells without a stop make one gap; ranked by the riders who go without in "
        "this hour, and numbered alike on the map.",
    ),
    "gaps_planned": (
        "照上面选的和试的重算，人数的括号里是今天；只有缺口的范围是今天的。",
        "Reckoned anew for what is chosen and tried; the number of riders today is in brackets. "
        "Only the outlines of the gaps are those of today.",
    ),
    "gaps_outside": (
        "另有 {count} 名无站可去的骑手不在这些缺口里。",
        "Another {count} riders without a stop are in none of these gaps.",
    ),
    "gaps_outside_hours": (
        "一周另有 {count} 骑手时不在这些缺口里。",
        "Another {count} rider-hours a week are in none of these gaps.",
    ),
    "gap_riders": ("{count} 名骑手", "{count} riders"),
    "gap_was": ("（今天 {before}）", " (today {before})"),
    "gap_gone": ("没有了", "None left"),
    "gap_todays": (
        "照上面选的和试的重算；缺口的范围和还缺的服务是今天的。",
        "Reckoned anew for what is chosen and tried; outline and missing services are those of "
        "today.",
    ),
    "remedy_no_service": (
        "{reach} 分钟内有站，但没有这项服务：加上它",
        "A stop is within {reach} minutes but without the service: add it",
    ),
    # --- what was picked ---
    "picked": ("选中的", "What was picked"),
    "close_panel": ("收起", "Close"),
    "gap_hours_title": ("{day}各小时无站可去的骑手", "Riders without a stop by hour, {day}"),
    "gap_most": (
        "最多在 {hour}，{riders} 名；此刻（{now}）{riders_now} 名。",
        "Most at {hour}: {riders}; now ({now}): {riders_now}.",
    ),
    "gap_none_day": ("{day}各小时都有站可去。", "{day}: a stop at every hour."),
    "gap_week": (
        "一周（五个工作日、两个休息日）共 {count} 骑手时",
        "{count} rider-hours in a week of five workdays and two days off",
    ),
    "nearest_open": ("{hour} 最近开着的站", "Nearest open stop at {hour}"),
    "nearest_any": ("最近的站（不论开没开）", "Nearest stop, open or not"),
    "nearest_open_none": ("这时没有一处开着的站到得了", "no open stop can be reached then"),
    "try_here": ("在这里设一处", "Try a stop here"),
    "try_hours": ("试试延长{name}的时间", "Try longer hours at {name}"),
    "cell_title": ("这一格", "This cell"),
    "place_title": ("新设的站", "A new stop"),
    "station_open": ("{hour} 开着", "Open at {hour}"),
    "station_closed": ("{hour} 关着", "Closed at {hour}"),
    "station_unknown": ("开放时间不详", "Hours unknown"),
    "station_hours": ("开放时间", "Hours"),
    "hours_were": ("（今天 {hours}）", " (today {hours})"),
    "station_offers": ("服务", "Services"),
    "station_loses": ("如果关掉", "If it closed"),
    "loses": (
        "每周少覆盖 {count} 骑手时",
        "{count} rider-hours a week would lose their stop",
    ),
    "loses_nothing": ("谁也不会少一处可去", "nobody would lose a stop"),
    # --- trying ---
    "whatif_title": ("自己试一个方案", "Try a plan of your own"),
    "whatif_how": (
        "点地图上的站点或缺口，或在这里选：关掉一处、改时间、加服务、新设一处。时钟和地图马上回答。",
        "Pick a station or a gap on the map, or choose here: close one, change its hours, add a "
        "service, open a new one. The clock and the map answer at once.",
    ),
    "pick_station": ("改一处现有的站", "Change a stop of today"),
    "pick_station_first": ("选一处站点", "Choose a station"),
    "new_stop": ("新设一处站", "A new stop"),
    "new_stop_map": ("在地图上点一个位置", "Point at the map"),
    "new_stop_placing": (
        "请点地图上的位置；按 Esc 取消。",
        "Click the place on the map; Esc cancels.",
    ),
    "new_stop_centre": ("设在地图中心", "At the map's middle"),
    "new_stop_at": ("或填一个位置", "Or give a place"),
    "new_stop_gap": ("缺口的中间：{name}", "Middle of a gap: {name}"),
    "new_stop_lonlat": ("经度,纬度（116.95,31.46）", "lon,lat (116.95,31.46)"),
    "new_stop_bad": (
        "「{text}」不是位置。请填“经度,纬度”，例如 116.95,31.46。",
        "“{text}” is not a place. Give lon,lat, for example 116.95,31.46.",
    ),
    "new_stop_far": (
        "这里离最近的路太远，骑不到，谁也不会来。换一个靠路的位置。",
        "No street is near enough to ride there. Choose a place beside a street.",
    ),
    "new_stop_wet": (
        "地图上这里是水面，立不了站；数字照算。换到岸上。",
        "On the map this is water, where no stop can stand; it is counted all the same. Choose a "
        "place on the bank.",
    ),
    "do_close": ("关掉这一处", "Close it"),
    "do_reopen": ("不关了", "Keep it open"),
    "do_hours": ("改成这个时间", "Set these hours"),
    "do_services": ("加上这些服务", "Add these services"),
    "do_add": ("设在这里", "Put it here"),
    "do_remove": ("去掉这一处", "Take it away"),
    "day_and_night": ("24 小时", "24 hours"),
    "every_day": ("每天", "Every day"),
    "from": ("从", "From"),
    "to": ("到", "to"),
    "hours_of": ("{day}", "{day}"),
    "shut_that_day": ("不开", "Shut"),
    "hours_bad": (
        "{day}：结束要晚于开始。跨午夜请把结束选到“次日”。",
        "{day}: the end must be later than the beginning; past midnight choose “next day”.",
    ),
    "hours_meet": (
        "{day}：两段时间之间至少要隔一分钟。",
        "{day}: between two spans lies a minute at least.",
    ),
    "next_day_time": ("次日 {time}", "next day {time}"),
    "add_services": ("加服务", "Add services"),
    "all_services": ("各项服务", "every service"),
    # --- the plan as it stands ---
    "scenario_title": ("方案", "Plan"),
    "scenario_none": ("还没有改动，看到的就是今天。", "No change yet: this is today."),
    "changes": ("{count} 处改动", "{count} changes"),
    "changes_one": ("1 处改动", "1 change"),
    "change_close": ("关掉 {name}", "Close {name}"),
    "change_hours": ("{name} 改为 {hours}", "{name}: {hours}"),
    "change_services_only": ("{name} 只提供 {services}", "{name}: only {services}"),
    "change_services": ("{name} 加上 {services}", "{name}: add {services}"),
    "change_open": (
        "{name}（{place}），{hours}，{services}",
        "{name} ({place}), {hours}, {services}",
    ),
    "change_undo": ("去掉这一处改动：{change}", "Take this change away: {change}"),
    "gain_week": (
        "每周多覆盖 {count} 骑手时",
        "{count} more rider-hours a week are covered",
    ),
    "loss_week": (
        "每周少覆盖 {count} 骑手时",
        "{count} fewer rider-hours a week are covered",
    ),
    "gain_none": ("覆盖同今天一样", "As many are covered as today"),
    "gain_service": ("{service}：{text}", "{service}: {text}"),
    "gain_counted": (
        "一周按 5 个工作日、2 个休息日算",
        "A week of 5 workdays and 2 days off",
    ),
    "slot_then": (
        "{hour} 无站可去：今天 {before} 名，照此方案 {after} 名",
        "Without a stop at {hour}: today {before}, so planned {after}",
    ),
    "slot_then_service": (
        "{hour} 得不到{service}：今天 {before} 名，照此方案 {after} 名",
        "{service} not to be had at {hour}: today {before}, so planned {after}",
    ),
    "slot_today": ("今天的情况 · {text}", "As of today · {text}"),
    "slot_was": ("（今天 {before} 名）", " (today {before})"),
    "undo": ("撤销", "Undo"),
    "redo": ("重做", "Redo"),
    "reset": ("清空方案", "Clear"),
    "compare": ("看今天", "Show today"),
    "compare_back": ("回到方案", "Back to the plan"),
    "see_changes": ("看改动", "See the changes"),
    "seeing_today": ("现在看的是今天", "This is today"),
    "legend_won": ("新有站可去", "Gains a stop"),
    "legend_lost": ("没了站可去", "Loses its stop"),
    "legend_new": ("新设的站", "New stop"),
    "legend_delta": ("小字是同今天的差，百分点", "Small figures: difference to today, points"),
    "keep": ("留着这个方案", "Keep this plan"),
    "keep_name": ("名字", "Name"),
    "keep_do": ("保存", "Save"),
    "kept": ("存在这台电脑上的方案", "Plans kept on this computer"),
    "kept_none": ("还没有保存过方案。", "None kept yet."),
    "kept_open": ("打开 {name}", "Open {name}"),
    "kept_drop": ("删掉 {name}", "Delete {name}"),
    "kept_done": ("已保存「{name}」。", "Saved “{name}”."),
    "kept_failed": (
        "这个浏览器不让保存；请复制链接。",
        "This browser keeps nothing; copy the link.",
    ),
    "share": ("复制链接", "Copy the link"),
    "share_done": ("链接已复制，打开就是这个方案。", "Copied: the link opens this very plan."),
    "share_by_hand": ("请复制地址栏里的链接。", "Copy the link from the address bar."),
    "scenario_bad": (
        "链接里的方案有一处看不懂，没有用上：{text}",
        "One part of the plan in the link could not be read and is left out: {text}",
    ),
    # --- since the release before ---
    "changes_first": (
        "这是第一版，还没有可比的；下一版起，这里说哪些缺口补上了、新出现了、变大变小了，为什么。",
        "This is the first release, so there is nothing to compare; from the next on, the gaps "
        "that closed, appeared, grew or shrank stand here, and why.",
    ),
    "changes_counts": ("和上一版比：{counts}", "Since the last release: {counts}"),
    "changes_none": (
        "和上一版比：缺口没有变化",
        "Since the last release no gap has changed",
    ),
    "changes_since": (
        "上一版 {release}，数据日期 {as_of}。数字是一周的骑手时；"
        "相差不到 1 % 的不列。",
        "The last release was {release}, as of {as_of}. Rider-hours of a week; "
        "differences of less than 1% are not listed.",
    ),
    "changes_closed": ("{count} 处补上了", "{count} closed"),
    "changes_shrunk": ("{count} 处变小", "{count} shrunk"),
    "changes_new": ("{count} 处新出现", "{count} new"),
    "changes_grown": ("{count} 处变大", "{count} grown"),
    "changes_more": ("另有 {count} 处", "{count} more"),
    # --- recommended actions ---
    "actions_heading": ("怎么办", "What to do"),
    "actions_title": (
        "一周合起来，多覆盖最多的 {count} 件事",
        "Over the whole week: the {count} actions that cover most",
    ),
    "actions_one": (
        "一周合起来，多覆盖最多的一件事",
        "Over the whole week: the action that covers most",
    ),
    "actions_none": ("没有算出值得推荐的事", "No action to recommend was found"),
    "actions_together": (
        "合起来每周多覆盖 {count} 骑手时，约 {yuan} 元/年；各件单独的数字有重叠，不能相加。",
        "Together they cover {count} more rider-hours a week for about {yuan} yuan a year; the "
        "single figures overlap and do not add up.",
    ),
    "actions_missing": (
        "这个版本里没有算过推荐；请重新构建（locator build），或自己在下面试。",
        "This release holds no recommendations; build it anew (locator build), or try below.",
    ),
    "ask_site": (
        "别的件数、预算（--budget，元/年）、服务或时段，在命令行问：",
        "For another number, a budget (--budget, yuan a year), a service or hours, ask the command "
        "line:",
    ),
    "action_gain": ("每周 +{count} 骑手时", "+{count} rider-hours a week"),
    "action_then": (
        "{hour} 多 {count} 名骑手有站可去",
        "{hour}: {count} more riders have a stop",
    ),
    "action_then_service": (
        "{hour} 多 {count} 名骑手得到{service}",
        "{hour}: {count} more riders get this service: {service}",
    ),
    "action_then_none": ("{hour} 没有变化", "{hour}: no change"),
    "action_then_most": ("，这几件里最多", ", most of these"),
    "action_cost": ("约 {yuan} 元/年", "about {yuan} yuan a year"),
    "hourly_title": ("{hour} 最管用的做法", "What helps most at {hour}"),
    "hourly_title_service": (
        "{hour} 要{service}，最管用的做法",
        "{service} at {hour}: what helps most",
    ),
    "hourly_gain": ("多 {count} 名骑手有站可去", "{count} more riders have a stop"),
    "hourly_gain_service": ("多 {count} 名骑手得到{service}", "{count} more riders get {service}"),
    "hourly_none": (
        "{hour} 没有哪一件事能多服务到人。",
        "At {hour} no single action serves anybody more.",
    ),
    "hourly_kept": (
        "换 {scenarios} 种假设，{kept} 种里仍在前三",
        "in the top 3 under {kept} of {scenarios} other assumptions",
    ),
    "hourly_note": (
        "都按全县、骑 {reach} 分钟算，每件只算它自己；同一处一样管用的取最便宜的。",
        "For the whole county within {reach} minutes, each action by itself; of those at one place "
        "that gain the same, the cheapest.",
    ),
    "action_try": ("试一试", "Try it"),
    "action_take_back": ("不试了", "Take back"),
    "action_all": ("全部试一试", "Try them all"),
    "curve_title": ("花得越多，每一元换来的越少", "The more is spent, the less each yuan brings"),
    "curve_title_plain": ("花多少，多覆盖多少", "What is spent, and what it covers"),
    "curve_what": (
        "花 {spend} 元/年，每周多覆盖 {gain} 骑手时",
        "{spend} yuan a year cover {gain} more rider-hours a week",
    ),
    "curve_spend": ("元/年", "yuan a year"),
    "curve_gain": ("骑手时/周", "rider-hours a week"),
    # --- tables ---
    "townships_what": (
        "都是今天的，按 {reach} 分钟算；上面选的和试的不改这张表。",
        "As of today, within {reach} minutes; nothing chosen or tried above changes this table.",
    ),
    "townships_missing": (
        "这个版本里没有各乡镇的数字；请重新构建（locator build）。",
        "This release holds no figures by township; build it anew (locator build).",
    ),
    "stations_title": ("各站点：关掉哪一处最伤", "By station: which closure hurts most"),
    "stations_what": (
        "共 {count} 处。今天若关掉这一处，一周里有多少骑手时就此无站可去（按 {reach} 分钟算）；"
        "拥挤是最忙的一小时里，以它为最近开着的站的骑手 ÷ 座位数。上面选的和试的不改这张表。",
        "All {count}. The rider-hours a week that would have no stop within {reach} minutes if it "
        "closed today; crowding is, in the busiest hour, the riders for whom it is the nearest "
        "open stop, for each seat. Nothing chosen or tried above changes this table.",
    ),
    "loss_hours": ("两天里的 {count} 个小时", "{count} hours of the two days"),
    "worst_hour": ("{day} {hour}，{riders} 名", "{day} {hour}: {riders}"),
    "col_workday": ("工作日有站", "Covered, workday"),
    "col_dayoff": ("休息日有站", "Covered, day off"),
    "col_worst": ("最差的一小时，无站可去", "Worst hour, without a stop"),
    "col_p50": ("半数到站，分钟", "Half reach one in, min"),
    "col_p90": ("九成到站，分钟", "Nine tenths in, min"),
    "col_backup": ("有两处可去", "Two stops or more"),
    "col_station": ("站点", "Station"),
    "col_loss": ("关掉少覆盖，骑手时/周", "Lost if closed, rider-hours a week"),
    "col_loss_when": ("哪些小时", "In which hours"),
    "col_crowding": ("最挤时每座几人", "Riders a seat at most"),
    "unknown": ("未知", "Unknown"),
    "none_reached": ("到不了", "Not reached"),
    # --- to take along ---
    "downloads": ("带走", "Take along"),
    "downloads_what": (
        "都来自版本 {release}，数据日期 {as_of}；{lineage}。",
        "All of release {release}, as of {as_of}; {lineage}.",
    ),
    "download_gpkg": ("GeoPackage（QGIS 用）", "GeoPackage (for QGIS)"),
    "download_geojson": ("GeoJSON", "GeoJSON"),
    "download_xlsx": ("Excel 表", "Excel workbook"),
    "download_png": ("图片：地图和时钟（PNG）", "Picture: map and clock (PNG)"),
    "print_page": ("打印这一页", "Print this page"),
    "picture_failed": (
        "图片没有做成；请截屏。",
        "The picture could not be made; take a screenshot.",
    ),
    "picture_gap": ("缺口", "Gap"),
    "picture_foot": ("版本 {release} · 数据日期 {as_of}", "Release {release} · as of {as_of}"),
    "picture_scenario": ("方案：{changes}", "Plan: {changes}"),
}  # fmt: skip
