"""The codes of files that are refused: nothing of them was read, so no rule sees a row.

The readers refuse (`locator.errors.LedgerError` carries the code), so the checks here find nothing;
each docstring is the page of its code, as of any rule. Where several files are checked together,
the others are checked all the same, and nothing is published until the refused one is mended.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from locator.checks.rule import Context, Hit, rule


@rule("error")
def file_not_found(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """找不到文件 | The file is not there

    这个路径上没有文件，是文件夹，或没有权限打开。里面的驿站一个也没查。
    请核对路径和文件名；文件正在 Excel 里开着的，先保存、关掉再试。

    There is no file at that path, it is a folder, or it may not be opened. None of its stations
    was checked. Look at the path and the name; if the file is open in Excel, save and close it.

    例：文件名写成「台帐.xlsx」，其实是「台账.xlsx」。 |
    Example: the name says 台帐.xlsx, and the file is 台账.xlsx.
    """
    return ()


@rule("error")
def file_not_a_ledger(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """不是能读的台账格式 | Not a form of ledger that can be read

    内容不是 .xlsx、.csv 或 .geojson：旧版 .xls、PDF、带密码的工作簿，地图软件导出的线和面，或网页
    系统导出的「假 Excel」（其实是网页或文字）。读的是内容，不是后缀；提示里说了内容是什么、
    该怎么办，多半是在 Excel 里打开，另存为 .xlsx。有密码的先去掉密码。

    The content is no .xlsx, .csv or .geojson: an old .xls, a PDF, a workbook with a password, lines
    and areas from a map program, or a web system's "Excel" that is a web page or plain text. The
    content is read, not the ending; the message says what it is and what to do, most often to open
    it in Excel and save it as .xlsx. Remove a password first.

    例：系统导出的「台账.xls」，改名成「台账.xlsx」。 |
    Example: an export 台账.xls, renamed to 台账.xlsx.
    """
    return ()


@rule("error")
def file_damaged(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """文件坏了 | The file is damaged

    文件没传完整、引号没有配对、文字编码认不出来，或 JSON 写错了。坏在哪里，提示里说了行号。
    读一半会丢驿站，所以整个不读。请在原来的软件里打开，另存或重新导出一份。

    The file is cut short, its quotes do not match, its text is in no known encoding, or its JSON is
    wrong; the message says in which row. Half a file would lose stations, so nothing is read. Open
    it in the program that made it and save or export it again.

    例：CSV 第 12 行有一个没有配对的引号。 |
    Example: row 12 of a CSV file has a quote that is never closed.
    """
    return ()


@rule("error")
def file_too_large(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """文件太大 | The file is too large

    超过 20 MB、20 万行、100 列，一格超过一万字，或读它要的内存、时间太多。台账用不到这么大，
    多半是远处有一格误填、整张图片贴进了表里。请删去多余的行列，或分成几个文件。

    More than 20 MB, 200,000 rows, 100 columns, 10,000 characters in a cell, or too much memory or
    time to read it. No ledger needs that; most often a stray cell far out or pasted pictures are to
    blame. Remove what is not needed, or split the file.

    例：XFD1048576 格里有一个空格。 |
    Example: the cell XFD1048576 holds a blank.
    """
    return ()


@rule("error")
def file_empty(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """文件里没有驿站 | No station in the file

    文件是空的、只有表头，或工作表都隐藏着。空台账会让县里的驿站全部消失，所以不当作「没有驿站」。
    请核对传的是不是这份；隐藏的工作表请取消隐藏。

    The file is empty, has a header alone, or all of its sheets are hidden. An empty ledger would
    make all of a county's stations vanish, so it does not count as "none". Look whether this is the
    right file; show the sheet if it is hidden.

    例：下载的模板还没填就传了上来。 |
    Example: the template was sent before it was filled in.
    """
    return ()


@rule("error")
def header_not_found(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """找不到表头 | No header

    前 5 行里没有一行写着「编号」「类型」「名称」「经度」「纬度」这样的列名，不知道哪一列是什么。
    表头上面最多留 4 行标题和说明；列名请照模板写（locator template）。

    None of the first five rows holds headings such as id, kind, name, lon, lat, so nobody can tell
    which column is what. At most four rows of titles may stand above; take the headings from the
    template (locator template).

    例：表头在第 9 行，上面是填表说明。 |
    Example: the header is in row 9, below the instructions.
    """
    return ()


@rule("error")
def column_missing(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """缺少必填的列 | A required column is missing

    编号、类型、名称、经度、纬度有一列整列没有。少了它，每一行都发布不了，所以不逐行说。
    请补上这一列；还没有编号的台账用 locator adopt，编号由系统来编。

    One of the columns id, kind, name, lon, lat is missing altogether. No row could be published
    without it, so it is said once. Add the column; a ledger without ids goes through locator adopt,
    which gives them.

    例：表头是「编号、名称、经度、纬度」，没有「类型」。 |
    Example: the headings are id, name, lon, lat, and kind is missing.
    """
    return ()


@rule("error")
def column_twice(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """同一列出现了两次 | One column comes twice

    两列是同一个意思，例如「经度」和「lng」。两列写得不一样时，不知该信哪一列，所以整个文件先不读。
    请只留一列，另一列删去或改个名字。

    Two columns mean the same, such as 经度 and lng. Where they differ, nobody can say which is
    right, so the file is not read. Keep one, and remove or rename the other.

    例：从系统导出的表里，「名称」和「驿站名称」都有。 |
    Example: an export has both 名称 and 驿站名称 (name).
    """
    return ()
