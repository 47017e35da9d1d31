"""The codes of what is noticed while files become rows, before any rule sees a row.

The intake and `validate.validate` make these findings where they notice them, so the checks here
find nothing; each docstring is the page of its code, as of any rule.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from locator.checks.rule import Context, Hit, rule


@rule("info")
def columns_not_understood(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """看不懂的列 | Columns that are not understood

    表头里有台账没有的列名，这些列没有采用，别的列照常。备注之类本来不用的列不必管；像是少了的列的，
    升为提醒：一字之差，整列的开放时间就没了。请改成标准表头，例如「开放时间」，标准表头都在
    data/README.md。表头里的括号、星号、单位不碍事。

    Some headings are none of a ledger's columns; those columns are left out and the rest is used.
    Leave a column of remarks as it is. Where a heading looks like a column that is missing it is a
    warning: one wrong character costs all opening hours. Rename it to the standard heading
    (data/README.md lists them). Brackets, stars and units in a heading do no harm.

    例：表头写「开放时问」，台账里叫「开放时间」。 |
    Example: the heading 开放时问 for what a ledger calls 开放时间 (hours).
    """
    return ()


@rule("info")
def summary_row(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """合计、签名、备注的行 | Totals, signatures and remarks under the table

    以「合计」「共 35 个」「填表人：」「备注：」这样的字开头、又没有坐标的行，不是驿站，放在一边，
    不算进行数，也不会丢：还回来的工作簿里照样有。要是真有驿站叫这个名字，请把坐标填上。

    A row that begins with a word such as 合计 (total), 填表人： (filled in by) or 备注： (remark)
    and has no position is no station. It is set aside, not counted among the rows, and kept in
    the workbook that is given back. A station that bears such a name only needs its position.

    例：最后一行写「合计：35 个」。 |
    Example: the last line says 合计：35 个.
    """
    return ()


@rule("warning")
def other_sheet(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """没有读的工作表 | A sheet that was not read

    工作簿里还有一张表也像台账，这次只读了最像的那一张，另一张里的驿站不会发布；
    隐藏的表不读。
    要一起查，请合成一张表；是旧表或草稿，就删去或另存。

    The workbook has another sheet that looks like a ledger. Only the likeliest was read, and the
    stations of the other are not published; hidden sheets are not read. Join them into one sheet,
    or move an old one away.

    例：一个工作簿里「城区」「乡镇」两张表，表头相同。 |
    Example: one workbook with the sheets 城区 and 乡镇 under the same headings.
    """
    return ()


@rule("warning")
def merged_cells(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """合并的单元格 | Merged cells

    上下几行合并成一格的，文件里只有第一行有值。查的时候照 Excel 显示的读，下面几行也算有这个值，
    提示里说了是哪几行。请核对每一行是不是都该是它；最好取消合并、每行填一个，排序和筛选也不会乱。
    左右合并的标题不用管。

    Where cells of several rows are merged, only the first row of them holds the value. It is read
    as Excel shows it: the rows below have it too, and the message says which. See whether it is
    meant for each; better unmerge and fill in every row, which also keeps sorting and filters
    right. A title merged sideways does no harm.

    例：「乡镇」一列第 5 到 9 行合并成一格，写着「城关镇」。 |
    Example: rows 5 to 9 of 乡镇 (township) are one merged cell.
    """
    return ()


@rule("warning")
def hidden_cells(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """隐藏的行和列 | Hidden rows and columns

    筛选或手动隐藏的行和列，Excel 里看不见，但还在文件里，这次照样读了，其中的驿站会发布。
    请取消筛选和隐藏，看一遍；不该有的请删去，只是暂停的请改「状态」。

    Rows and columns hidden by a filter or by hand are not seen in Excel but are in the file. They
    were read all the same, and their stations are published. Show them and look; delete what is not
    wanted, and change the status of what is only closed for a time.

    例：按「乡镇」筛选后存盘，别的乡镇的行都隐藏着。 |
    Example: saved with a filter on the township, so that the rows of the others are hidden.
    """
    return ()


@rule("warning")
def cell_without_value(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """没有值的公式和错误值 | Formulas without a value, and errors

    格里是 #N/A、#REF! 之类的错误值，或是系统写的公式、从没在 Excel 里算过，读不到值，只好当作没填。
    公式：请在 Excel 或 WPS 里打开，保存一次再传。错误值：多半是查找的表没有了，请改成真正的值。

    The cell holds an error such as #N/A or #REF!, or a formula that a program wrote and Excel has
    never computed; there is no value to read, so it counts as empty. Open and save the file in
    Excel once, and replace an error by the value that is meant (most often a table that the
    formula looked in is gone).

    例：「经度」写成 =VLOOKUP(A2,坐标!A:C,2,0)，显示 #N/A。 |
    Example: the longitude is =VLOOKUP(…) and shows #N/A.
    """
    return ()


@rule("info")
def other_county(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """别的县的行 | Rows of another county

    有些行写着别的县，或编号以别的县代码开头。这次没有查，也不算进行数；查那个县时再看。
    本该是本县的，请改「县」一列。

    Some rows name another county, or their ids begin with its code. They are neither checked nor
    counted here, but with that county. Correct the column county if they are of this one.

    例：查舒城县时，表里有 3 行的「县」写着宽甸。 |
    Example: three rows say 宽甸 while 舒城 is checked.
    """
    return ()


@rule("info")
def illustrative_evicted(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """让位的示意驿站 | Illustrative stations that made way

    县里有了真实台账，名称带「示意」的编造驿站不再采用，免得骑手去找不存在的门。
    不用改；以后可以从 county.toml 的 ledgers 里去掉示意文件。

    The county has a real ledger, so its made-up stations (示意 in the name) are left out: nobody
    must look for a door that is not there. Nothing to mend; the illustrative file may be taken out
    of the county's ledgers.

    例：data/stations.geojson 里 35 行示意驿站，旁边有了县里的 xlsx。 |
    Example: 35 made-up rows in data/stations.geojson, and now the county's own workbook beside
    them.
    """
    return ()


@rule("info")
def exact_copy(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """完全一样的行 | Rows that repeat another word for word

    一行和前面的一行每一格都相同，只算一次，不影响发布，数量也不会算多。多半是粘贴了两遍；
    不改也行，删去一行更清楚。

    A row says in every cell what an earlier row says. It counts once and harms nothing: pasted
    twice, most likely. Remove one to keep the sheet clear.

    例：第 26 行和第 25 行一字不差。 |
    Example: line 26 repeats line 25 in every cell.
    """
    return ()
