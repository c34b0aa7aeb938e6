"""Every sentence this package can say about a file, in one place: what was found, what is allowed, what to
do.
"""

from __future__ import annotations

from gridward.kernel.errors import BadInput, Message

EMPTY = Message(
    "GW-TABLE-001",
    "文件是空的（{found}）。允许：至少有一行表头的 csv、xlsx、xls 或 parquet 文件。请重新导出后再上传。",
    "The file is empty ({found}). Allowed: a csv, xlsx, xls or parquet file with at least a header row. "
    "Export it again and retry.",
)
TOO_LARGE = Message(
    "GW-TABLE-002",
    "文件有 {found} 字节，上限是 {allowed} 字节。请拆分成几个文件，或把 csv/parquet 交给管理员用命令行导入。",
    "The file has {found} bytes; at most {allowed} are allowed. Split it, or have an administrator import "
    "csv or parquet on the command line.",
)
NOT_A_TABLE = Message(
    "GW-TABLE-003",
    "内容是{found_zh}，不是表格。允许：csv（可 .gz 压缩）、xlsx、xls、parquet。请在表格软件中另存为 "
    "xlsx 或 csv。",
    "The content is {found_en}, not a table. Allowed: csv (optionally .gz), xlsx, xls, parquet. "
    "Save it as xlsx or csv in a spreadsheet program.",
)
OTHER_FORMAT = Message(
    "GW-TABLE-004",
    "指定的格式是 {declared}，但内容是 {found}。请把 format 改为 {found} 或 auto，或换正确的文件。",
    "The declared format is {declared} but the content is {found}. Set format to {found} or auto, "
    "or choose the right file.",
)
PASSWORD = Message(
    "GW-TABLE-005",
    "工作簿有打开密码，无法读取。请在 Excel 或 WPS 中打开，去掉密码后另存，再上传。",
    "The workbook is protected by a password and cannot be read. Open it, remove the password, save "
    "and retry.",
)
MACROS = Message(
    "GW-TABLE-006",
    "工作簿含有宏（{found}），为安全起见不读取。请另存为不含宏的 xlsx 文件再上传。",
    "The workbook contains macros ({found}) and is not read for safety. Save it as xlsx without macros "
    "and retry.",
)
CORRUPT = Message(
    "GW-TABLE-007",
    "文件已损坏或没有传完：{found}。请打开原文件确认能正常显示，重新保存后再上传。",
    "The file is damaged or incomplete: {found}. Check that the original opens, save it again and retry.",
)
BOMB = Message(
    "GW-TABLE-008",
    "压缩内容展开后过大（{found}），上限是 {allowed}。这样的文件不予读取；请另存为普通的 xlsx 或 csv。",
    "The compressed content unpacks to too much ({found}); allowed: {allowed}. Such a file is not read; "
    "save it as an ordinary xlsx or csv.",
)
MARKUP = Message(
    "GW-TABLE-009",
    "内容是{found_zh}，只是文件名像表格。请用 Excel 或 WPS 打开后“另存为”xlsx，再上传。",
    "The content is {found_en}; only the file name looks like a table. Open it in a spreadsheet program, "
    "save as xlsx and retry.",
)
OPTION_UNKNOWN = Message(
    "GW-TABLE-010",
    "file 里没有“{found}”这个选项{hint_zh}。允许：{allowed}。示例：{sample}",
    "There is no option “{found}” under file{hint_en}. Allowed: {allowed}. Sample: {sample}",
)
OPTION_VALUE = Message(
    "GW-TABLE-011",
    "选项 {option} 的值是“{found}”。允许：{allowed}。示例：{sample}",
    "Option {option} has the value “{found}”. Allowed: {allowed}. Sample: {sample}",
)
SHEET_MISSING = Message(
    "GW-TABLE-012",
    "没有工作表“{found}”。文件里有：{allowed}。请改正 sheet，或写 auto。",
    "There is no sheet “{found}”. The file has: {allowed}. Correct sheet, or write auto.",
)
NO_TABLE = Message(
    "GW-TABLE-013",
    "没有找到表头行（看了前 {found} 行）。表头应有互不相同的文字列名，下面是数据。请用 header_row "
    "写明表头在第几行。",
    "No header row was found in the first {found} rows. A header has distinct column names as text, "
    "with data "
    "below. Say with header_row which row it is.",
)
HEADER_ROW = Message(
    "GW-TABLE-014",
    "第 {row} 行不能作表头：{found_zh}。请把 {option} 改为列名所在的行（从 1 数起），或写 auto。",
    "Row {row} cannot be the header: {found_en}. Set {option} to the row with the column names "
    "(counting from 1), "
    "or auto.",
)
TOO_MANY_COLUMNS = Message(
    "GW-TABLE-015",
    "表有 {found} 列，上限是 {allowed} 列。请删去多余的空列，或拆成几张表。",
    "The table has {found} columns; at most {allowed} are allowed. Delete empty columns or split the table.",
)
TOO_MANY_ROWS = Message(
    "GW-TABLE-016",
    "表超过 {allowed} 行。请拆成几个文件，或用命令行导入 csv/parquet。",
    "The table has more than {allowed} rows. Split it, or import csv or parquet on the command line.",
)
TOO_MANY_CELLS = Message(
    "GW-TABLE-017",
    "工作表“{sheet}”的数据一直到第 {row} 行 {column} 列，共 {found} 格，上限是 {allowed} 格。"
    "请删去远处的零散单元格，或另存为 csv。",
    "Sheet “{sheet}” reaches row {row}, column {column}: {found} cells; at most {allowed} are allowed. "
    "Delete stray cells far from the table, or save it as csv.",
)
ENCODING = Message(
    "GW-TABLE-018",
    "认不出文字编码：{found}。允许：UTF-8、GB18030（GBK）、UTF-16，或用 encoding 写明（如 big5）。"
    "请另存为 UTF-8 csv。",
    "The text encoding was not recognised: {found}. Allowed: UTF-8, GB18030 (GBK), UTF-16, or one named by "
    "encoding (such as big5). Save the file as UTF-8 csv.",
)
ROW_ENCODING = Message(
    "GW-TABLE-019",
    "第 {row} 行不是 {encoding} 编码（整个文件按 {encoding} 读取），内容近似“{found}”。"
    "请改正这一行的文字后重新导入。",
    "Row {row} is not {encoding}, as the rest of the file is; it reads roughly “{found}”. "
    "Correct the text of this row and import it again.",
)
FORMULA = Message(
    "GW-TABLE-020",
    "单元格 {cell} 是公式，但文件里没有存它的结果。请在 Excel 或 WPS 中打开、保存一次，或把公式粘贴成数值。",
    "Cell {cell} is a formula whose result is not stored in the file. Open and save it in a "
    "spreadsheet program, "
    "or paste the value.",
)
CELL_ERROR = Message(
    "GW-TABLE-021",
    "单元格 {cell} 的值是错误值（{found}）。请改成正确的内容，或清空后重新导入。",
    "Cell {cell} holds an error value ({found}). Put the right content there, or clear it, and import again.",
)
TOO_WIDE_ROW = Message(
    "GW-TABLE-022",
    "第 {row} 行有 {found} 格，表头只有 {allowed} 列。常见原因：文字里有逗号却没加引号。请改正后重新导入。",
    "Row {row} has {found} cells but the header names {allowed} columns. A common cause: a comma in a text "
    "without quotes. Correct it and import again.",
)
CELL_TOO_LONG = Message(
    "GW-TABLE-023",
    "第 {row} 行有一格超过 {allowed} 个字符。请缩短文字；长文请作为附件上传。",
    "Row {row} has a cell of more than {allowed} characters. Shorten it; attach long texts as a file.",
)
QUOTE = Message(
    "GW-TABLE-024",
    '第 {row} 行的引号没有成对：“{found}”。文字里的引号要写两遍（""）。请改正这一行后重新导入。',
    'The quotes in row {row} do not pair up: “{found}”. A quote inside a text is written twice (""). '
    "Correct the row and import again.",
)
COLUMN_MISSING = Message(
    "GW-TABLE-025",
    "没有“{found}”这一列{hint_zh}。文件里有：{allowed}。请改映射里的 column，或改表头。",
    "There is no column “{found}”{hint_en}. The file has: {allowed}. Correct column in the mapping, or "
    "the header.",
)
COLUMN_AMBIGUOUS = Message(
    "GW-TABLE-026",
    "“{found}”对应不止一列：{allowed}。请写出完整的列名。",
    "“{found}” matches more than one column: {allowed}. Write the full column name.",
)
DATE = Message(
    "GW-TABLE-027",
    "“{found}”不是能确定的日期。允许：2019-06-03、2019/6/3、2019.6.3、2019年6月3日（可带时间），或 "
    "Excel 日期。请改写。",
    "“{found}” is not a date that can be read with certainty. Allowed: 2019-06-03, 2019/6/3, 2019.6.3, "
    "2019年6月3日 (a time may follow), or an Excel date. Write it so.",
)
DATE_NUMBER = Message(
    "GW-TABLE-028",
    "数字 {found} 不像日期：Excel 日期序号应在 {low}（{low_date}）到 {high}（{high_date}）之间。"
    "请改成日期，如 2019-06-03。",
    "The number {found} does not look like a date: an Excel serial number lies between {low} "
    "({low_date}) and "
    "{high} ({high_date}). Write a date such as 2019-06-03.",
)
LINE_BREAK = Message(
    "GW-TABLE-030",
    "第 {row} 行的文字里有换行却没加引号：“{found}”。请去掉换行，或给整格加引号后重新导入。",
    "Row {row} has a line break in a text without quotes: “{found}”. Remove it, or put the cell in quotes.",
)
CHOICES = Message(
    "GW-TABLE-029",
    "下拉选项指向表头里没有的列“{found}”。表头有：{allowed}。",
    "The choices name a column “{found}” that the header lacks. The header has: {allowed}.",
)


def place(name: str, sheet: str | None = None, row: int | None = None, column: int | None = None) -> str:
    """Where in a file: `ledger.xlsx › Sheet1 › C5`; without a column `› 5`. `row` counts from 1, `column`
    from 0.
    """
    parts = [part for part in (name, sheet) if part]
    if column is not None:
        parts.append(cell_name(row, column))
    elif row is not None:
        parts.append(f"第 {row} 行 row {row}")
    return " › ".join(parts)


def cell_name(row: int | None, column: int) -> str:
    """`C5` for row 5 (from 1) and column 2 (from 0); only `C` without a row."""
    return column_letter(column) + ("" if row is None else str(row))


def column_letter(column: int) -> str:
    """Column 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def both_languages(problem: BadInput | str) -> str:
    """The sentence as it stands in the error column: Chinese, then English, without the place."""
    if isinstance(problem, str):
        return problem
    message = problem.message
    return f"{message.fill('zh', problem.values)} / {message.fill('en', problem.values)} [{message.code}]"
