"""What ``--help`` says in Chinese, before the English: every command, and the options of a clerk's.

`HELD` names the commands whose options a clerk meets; a test holds all of these to be here.
"""

from __future__ import annotations

from inspect import cleandoc

import click

#: A command in a sentence, as the list of commands shows it.
COMMANDS = {
    "access": "骑手沿街道到得了哪里，哪里断开、为什么",
    "adopt": "采用本县自己的台账：先看变化，--write 才写入",
    "build": "检查、计算，写出一个发布版",
    "coverage": "覆盖时钟、指标和缺口",
    "demand": "骑手需求里有什么；由订单、轨迹做出格子",
    "export": "写给 QGIS、表格软件，或骑手的一页名单",
    "gaps": "缺口，最大的在前",
    "init": "由一份 OSM 数据建一个县",
    "map": "规划地图，一个不用联网的文件",
    "publish": "发布最新的，或指定的一版",
    "reconcile": "台账和地图导出对账",
    "releases": "列出各版，星号是正在用的",
    "report": "覆盖月报，网页和 PDF",
    "rollback": "退回上一版",
    "rules": "列出规则，或说明一条",
    "serve": "打开网站",
    "signs": "印门牌和指路牌",
    "site": "哪件事最值得做",
    "streets": "街道文件里有什么；重新下载或认可",
    "template": "拿一张空白 Excel 台账，或填好现有驿站",
    "validate": "核对台账，逐行说哪里不对、怎么改",
}
#: The commands of a clerk's day.
HELD = (
    "adopt", "build", "publish", "reconcile", "releases", "rollback", "rules", "template",
    "validate",
)  # fmt: skip
#: An option of a command, or of all that have it.
OPTIONS = {
    "--lang": "说中文还是英文",
    "--json": "在屏幕上打出 JSON",
    "--as-of": "按这一天来算",
    "--datum": "坐标从哪抄的；表里逐行写了的，以表里为准",
    "--accept": "整个文件的这条发现，这一次放行",
    "template --with-stations": "填好现有的驿站",
    "template --out": "写到这里",
    "validate --county": "台账是哪个县的；不写就看表里",
    "validate --json": "把报告写到这里",
    "validate --html": "把报告写成一页，不用联网也能看",
    "validate --workbook": "把台账写成工作簿，错的格涂了色、写了批注；给文件夹就一份台账一个",
    "validate --repair": "把同意改的坐标写进另一份；不加 --accept-repair 只列建议",
    "validate --accept-repair": "同意改哪些行：all、12 或 2-36，可以写几次",
    "validate --against": "和一个发布版比，哪些问题是新的、哪些没了；current 是正在用的",
    "adopt --keep-osm": "台账里没有的开放街图的点留着",
    "adopt --write": "写入；不加只给你看",
    "adopt --anyway": "少了一半以上、整片挪了或有疑问，也写入",
    "reconcile --county": "台账是哪个县的",
    "reconcile --out": "写一个工作簿，在「处理」一列回答",
    "reconcile --decide": "填好了「处理」的工作簿：记下答案",
    "reconcile --same": "定下是同一处",
    "reconcile --different": "定下不是同一处",
    "reconcile --ignore": "这一处不用再说",
    "reconcile --ask-again": "收回一个决定",
    "reconcile --by": "谁定的，记在决定里",
    "build --publish": "建好就发布",
}


def in_chinese_first(name: str, command: click.Command) -> None:
    """Put the Chinese of a command and of its options before their English."""
    if zh := COMMANDS.get(name):
        command.short_help = f"{zh} / {command.get_short_help_str(300)}"
        command.help = f"{zh}。\n\n{cleandoc(command.help or '')}"
    for option in command.params:
        if isinstance(option, click.Option) and name in HELD:
            zh = OPTIONS.get(f"{name} {option.opts[0]}") or OPTIONS.get(option.opts[0], "")
            option.help = " / ".join(filter(None, (zh, option.help)))
