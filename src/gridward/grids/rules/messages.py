"""Every sentence of the grids. Codes never change their meaning."""

from __future__ import annotations

from gridward.kernel.errors import Message

# Schemes and levels

BAD_CODE = Message(
    "GW-GRIDS-001",
    "编码“{found}”不能用：要求 1 到 64 个字符，不含空格和控制符，例如 wards、01、440305001002003。",
    "The code “{found}” cannot be used: 1 to 64 characters without blanks or control characters, such as "
    "wards, 01, 440305001002003.",
)
SCHEME_EXISTS = Message(
    "GW-GRIDS-002",
    "网格体系“{scheme}”已经存在。请换一个编码，或直接修改它的层级。",
    "The scheme “{scheme}” exists already. Choose another code, or change its levels.",
)
NO_SCHEME = Message(
    "GW-GRIDS-003",
    "没有网格体系“{found}”。现有：{known}。",
    "There is no scheme “{found}”. Known: {known}.",
)
NO_LEVEL = Message(
    "GW-GRIDS-004",
    "体系“{scheme}”没有层级“{found}”。现有：{known}。",
    "The scheme “{scheme}” has no level “{found}”. Known: {known}.",
)
BAD_RANKS = Message(
    "GW-GRIDS-005",
    "层级的级次是 {found}，应为从 1 开始的连续整数，最多 5 级（1 是最高一级）。",
    "The ranks of the levels are {found}; they must count from 1 without a gap, at most 5 (1 is the top).",
)
LEVEL_TWICE = Message(
    "GW-GRIDS-006",
    "层级编码“{found}”出现了两次。请每级用不同的编码。",
    "The level code “{found}” occurs twice. Give each level a code of its own.",
)
LEVEL_IN_USE = Message(
    "GW-GRIDS-007",
    "第 {rank} 级“{code}”下已有区域，编码和级次不能再改、不能删除；名称可以改。",
    "Level {rank} “{code}” has areas already: its code and rank stay and it cannot be removed; its label "
    "may change.",
)
BAD_CHOICE = Message(
    "GW-GRIDS-008",
    "{name} 是“{found}”，只能是：{allowed}。",
    "{name} is “{found}”; allowed: {allowed}.",
)
UNKNOWN_FIELD = Message(
    "GW-GRIDS-009",
    "层级“{level}”没有字段“{found}”。可用：{allowed}。",
    "The level “{level}” has no field “{found}”. Allowed: {allowed}.",
)
BAD_FIELD = Message(
    "GW-GRIDS-010",
    "字段“{name}”的值“{found}”不对，应为{wanted_zh}。",
    "The value “{found}” of the field “{name}” is wrong; wanted: {wanted_en}.",
)
BAD_EXPECTED = Message(
    "GW-GRIDS-011",
    "计划数“{name}”是“{found}”，应为不小于 0 的整数，键写成“层级”或“层级/类别”，例如 community 或 communit"
    "y/urban。",
    "The expected count “{name}” is “{found}”; it must be an integer of at least 0, keyed by level or "
    "level/kind, such as community or community/urban.",
)
BAD_STRIP = Message(
    "GW-GRIDS-012",
    "带状区域的“{name}”是“{found}”，不能用。kind 可为 {kinds}；length_m、width_m、height_m 为大于 0 的数（"
    "米）；storey 为整数；from、to 为文字。",
    "“{name}” of the strip is “{found}”, which cannot be used. kind is one of {kinds}; length_m, width_m "
    "and height_m are numbers above 0 (metres); storey is an integer; from and to are text.",
)

# Areas and nodes

NO_AREA = Message(
    "GW-GRIDS-013",
    "没有这个区域（{found}）。请从区域列表中选择。",
    "There is no such area ({found}). Choose one from the list of areas.",
)
AREA_ENDED = Message(
    "GW-GRIDS-014",
    "区域“{code} {name}”已于 {date} 撤销，不能再改。",
    "The area “{code} {name}” ended on {date} and cannot be changed any more.",
)
SAME_SCHEME = Message(
    "GW-GRIDS-015",
    "“{code}”和“{other}”同属体系“{scheme}”，同一体系内一个节点只能有一个区域。请选择另一体系的区域。",
    "“{code}” and “{other}” belong to the same scheme “{scheme}”, where a node is one area. Choose an area "
    "of another scheme.",
)
NOT_LINKED = Message(
    "GW-GRIDS-016",
    "“{code}”和“{other}”没有关联。",
    "“{code}” and “{other}” are not linked.",
)
NOT_ALLOWED = Message(
    "GW-GRIDS-017",
    "您没有“{label_zh}”的权限（{permission}），或权限不含此区域。请联系系统管理员。",
    "You lack the permission to “{label_en}” ({permission}), or it does not reach this area. Ask the "
    "administrator.",
)

# Divisions

NO_DIVISION = Message(
    "GW-GRIDS-020",
    "没有这个划分方案（{found}）。",
    "There is no such division ({found}).",
)
WRONG_STATE = Message(
    "GW-GRIDS-021",
    "划分方案现在是“{state}”（{by}，{at}），此操作只能在“{wanted}”时进行。请刷新后再看。",
    "The division is “{state}” now ({by}, {at}); this needs the state “{wanted}”. Reload and look again.",
)
OWN_APPROVAL = Message(
    "GW-GRIDS-022",
    "划分方案由您提交，须由另一人审定。",
    "You submitted this division; somebody else has to decide on it.",
)
DRAFT_TWICE = Message(
    "GW-GRIDS-023",
    "划分方案里编码“{code}”出现了两次。请每个区域用不同的编码。",
    "The code “{code}” occurs twice in the division. Give each area a code of its own.",
)
DRAFT_EMPTY = Message(
    "GW-GRIDS-024",
    "划分方案里没有区域。至少要有一个。",
    "The division has no areas. It needs at least one.",
)
NO_PARENT = Message(
    "GW-GRIDS-025",
    "区域“{code}”的上级“{parent}”不在{level}中。可用：{known}。",
    "The parent “{parent}” of the area “{code}” is not among the areas of the level {level}. Known: {known}.",
)
PARENT_NEEDED = Message(
    "GW-GRIDS-026",
    "第 {rank} 级的区域必须有上级，“{code}”没有。请给出上级编码。",
    "An area of level {rank} needs a parent; “{code}” has none. Give the code of its parent.",
)
NO_POLYGON = Message(
    "GW-GRIDS-027",
    "区域“{code}”没有图形，而层级“{level}”要求图形。请补画，或把该层级设为 coverage: none。",
    "The area “{code}” has no polygon, which the level “{level}” requires. Draw it, or set the level's "
    "coverage to none.",
)
BAD_SHAPE = Message(
    "GW-GRIDS-028",
    "区域“{code}”的图形不能用（{reason}）。只接受不自交的面，WGS 84 经纬度。",
    "The shape of the area “{code}” cannot be used ({reason}). Polygons that do not cross themselves, in "
    "WGS 84 degrees, are allowed.",
)
OVERLAP = Message(
    "GW-GRIDS-029",
    "“{a}”与“{b}”重叠 {m2} 平方米，超过允许的 {allowed} 平方米。请改图，或放宽 --accept-slivers（现为 {all"
    "owed}，至少要 {wanted}）。",
    "“{a}” and “{b}” overlap by {m2} m², more than the {allowed} m² allowed. Correct the map, or accept "
    "more with --accept-slivers (now {allowed}; at least {wanted} is needed).",
)
GAP = Message(
    "GW-GRIDS-030",
    "在（{lon}, {lat}）处有 {m2} 平方米不属于任何区域，超过允许的 {allowed} 平方米。请改图，或放宽 --accep"
    "t-slivers（现为 {allowed}，至少要 {wanted}）。",
    "At ({lon}, {lat}) {m2} m² belong to no area, more than the {allowed} m² allowed. Correct the map, or "
    "accept more with --accept-slivers (now {allowed}; at least {wanted} is needed).",
)
OUTSIDE = Message(
    "GW-GRIDS-031",
    "区域“{code}”只有 {percent}% 的面积在上级“{parent}”内，至少要 99%。请改图或改上级。",
    "Only {percent}% of the area “{code}” lies in its parent “{parent}”; at least 99% is needed. Correct "
    "the map or the parent.",
)
NOT_VALID = Message(
    "GW-GRIDS-032",
    "划分方案有 {count} 处问题，改正后再提交。",
    "The division has {count} problems; correct them and submit it again.",
)
TOO_EARLY = Message(
    "GW-GRIDS-033",
    "启用日期 {found} 太早：“{code}”自 {date} 起已是现在的样子。请选择 {date} 之后的日期。",
    "{found} is too early: “{code}” is what it is since {date}. Choose a day after {date}.",
)
MOVED_ON = Message(
    "GW-GRIDS-034",
    "在您操作的同时网格被别人改动了，请再试一次。",
    "The grids were changed by somebody else meanwhile; try again.",
)
MERGE_APART = Message(
    "GW-GRIDS-035",
    "要合并的区域必须在同一体系、同一层级、同一上级下，至少两个。",
    "Areas to be merged must be of one scheme, one level and one parent, and at least two.",
)
CODE_MISSING = Message(
    "GW-GRIDS-036",
    "第 {place} 个新区域没有编码，而上级编码“{parent}”不是 12 位社区编码，不能自动编号。请给出编码。",
    "New area {place} has no code, and the parent's code “{parent}” is no 12-digit community code, so it "
    "cannot be numbered. Give it a code.",
)
CODE_TAKEN = Message(
    "GW-GRIDS-037",
    "编码“{code}”在别处已经使用（上级“{parent}”）。编码不重复使用，请换一个。",
    "The code “{code}” is in use elsewhere (under “{parent}”). Codes are not used twice; choose another.",
)

ADMIN_TAKEN = Message(
    "GW-GRIDS-018",
    "行政体系已有“{other}”，一个辖区只有一个。请把“{scheme}”设为普通体系。",
    "“{other}” is the administrative scheme already, and there is only one. Make “{scheme}” an ordinary "
    "scheme.",
)
DECLARED_FORBIDDEN = Message(
    "GW-GRIDS-038",
    "层级“{level}”不允许声明重叠（overlaps: forbidden）。请改图，或把该层级设为 overlaps: declared。",
    "The level “{level}” allows no declared overlaps (overlaps: forbidden). Correct the map, or set "
    "overlaps: declared.",
)
ORPHANS = Message(
    "GW-GRIDS-039",
    "“{code}”撤销后，它下面的 {count} 个区域（{known}）没有去处。请先撤销或移走它们，或保留“{code}”。",
    "“{code}” would end, and {count} areas below it ({known}) have nowhere to go. Close or move them "
    "first, or keep “{code}”.",
)
SCHEDULED = Message(
    "GW-GRIDS-055",
    "上级层级“{level}”的区域在 {date} 有变更（设立、撤销或改隶）。请把启用日期定在 {date} 或之后。",
    "Areas of the level above ({level}) change on {date} (begin, end or move). Choose {date} or a later day.",
)
CHILD_TOO_EARLY = Message(
    "GW-GRIDS-056",
    "启用日期 {found} 太早：下级区域“{code}”自 {date} 起才是现在的样子。请选择 {date} 或之后的日期。",
    "{found} is too early: “{code}” below is what it is since {date}. Choose {date} or a later day.",
)

REASON_MISSING = Message(
    "GW-GRIDS-019",
    "退回划分方案要写明理由，请填写。",
    "Rejecting a division needs a reason; write one.",
)

# Import

NO_COLUMN = Message(
    "GW-GRIDS-040",
    "文件里没有字段“{found}”（{option}）。现有：{known}。",
    "The file has no field “{found}” ({option}). It has: {known}.",
)
NO_VALUE = Message(
    "GW-GRIDS-041",
    "第 {number} 个要素的“{field}”是空的。请补上编码或名称。",
    "“{field}” of feature {number} is empty. Fill in the code or the name.",
)
BAD_FORMAT = Message(
    "GW-GRIDS-042",
    "编码格式“{found}”不能用。写成 02d（两位、左边补 0）、03d、d 这样的样子。",
    "The code format “{found}” cannot be used. Write 02d (two digits, zeros in front), 03d or d.",
)
NOT_NUMBER = Message(
    "GW-GRIDS-043",
    "第 {number} 个要素的“{field}”是“{found}”，不是整数，不能按 {format} 编号。请改值或去掉 --code-format。",
    "“{field}” of feature {number} is “{found}”, no integer, and cannot be written as {format}. Correct it "
    "or leave out --code-format.",
)
CODE_TWICE = Message(
    "GW-GRIDS-044",
    "第 {number} 个要素的编码“{code}”与第 {first} 个重复，只保留前一个。同一区域的几块请合成一个 MultiPoly"
    "gon。",
    "The code “{code}” of feature {number} repeats feature {first}; the first is kept. Join the parts of "
    "one area into one MultiPolygon.",
)
PREFIX_UNKNOWN = Message(
    "GW-GRIDS-045",
    "第 {number} 个要素“{code}”的前 {length} 位“{prefix}”不是{level}的编码。可用：{known}。请核对编码，或"
    "改用 --parent-by geometry。",
    "“{prefix}”, the first {length} characters of “{code}” (feature {number}), is no code of the level "
    "{level}. Known: {known}. Check the code, or use --parent-by geometry.",
)
NO_GROUND = Message(
    "GW-GRIDS-046",
    "第 {number} 个要素“{code}”不在任何{level}内，找不到上级。请核对文件和坐标系（--crs）。",
    "“{code}” (feature {number}) lies in no area of the level {level}, so it has no parent. Check the file "
    "and its datum (--crs).",
)
PARENT_LEVEL_EMPTY = Message(
    "GW-GRIDS-047",
    "体系“{scheme}”的上级层级“{level}”在 {date} 没有区域。请先导入上一级（--commit），日期不晚于 {date}。",
    "The parent level “{level}” of the scheme “{scheme}” has no areas on {date}. Import it first "
    "(--commit), valid from {date} or earlier.",
)
PARENT_RULE = Message(
    "GW-GRIDS-048",
    "说明了上级层级“{level}”，还要说明怎样找上级：--parent-code-prefix N 或 --parent-by geometry。",
    "The parent level “{level}” is given; say also how to find the parent: --parent-code-prefix N or "
    "--parent-by geometry.",
)
LEVEL_PLACE = Message(
    "GW-GRIDS-049",
    "层级“{level}”在体系“{scheme}”中是第 {rank} 级，上级是“{parent}”，与 --parent-level {found} 不符。",
    "The level “{level}” of the scheme “{scheme}” has rank {rank} below “{parent}”, which does not fit "
    "--parent-level {found}.",
)
LEVEL_FULL = Message(
    "GW-GRIDS-050",
    "“{parent}”已是第 5 级，下面不能再有层级。",
    "“{parent}” is level 5 already; nothing can be below it.",
)
LEVEL_BELOW = Message(
    "GW-GRIDS-051",
    "体系“{scheme}”已有最高一级“{top}”。新层级“{level}”请用 --parent-level 说明上级。",
    "The scheme “{scheme}” has the top level “{top}” already. Name the parent of the new level “{level}” "
    "with --parent-level.",
)
RANK_TAKEN = Message(
    "GW-GRIDS-052",
    "“{parent}”的下一级已是“{other}”，不能再加“{level}”。请用 --level {other}，或另建体系。",
    "The level below “{parent}” is “{other}” already, “{level}” cannot be added. Use --level {other}, or "
    "another scheme.",
)
OTHER_DATUM = Message(
    "GW-GRIDS-053",
    "文件像是 {guess} 坐标，却按 {given} 读入（与上级吻合度 {fit_guess} 对 {fit_given}）。请核对后改用 "
    "--crs {guess}。",
    "The file looks like {guess} but was read as {given} (fit with the parents {fit_guess} against "
    "{fit_given}). Check it and use --crs {guess}.",
)
NO_PROPERTIES = Message(
    "GW-GRIDS-054",
    "文件里没有能用的要素：{count} 个要素都有问题，见下。",
    "The file has no usable feature: all {count} have problems, see below.",
)

# Locating files

BAD_POINT = Message(
    "GW-GRIDS-060",
    "“{lon}, {lat}”不是经纬度。",
    "“{lon}, {lat}” is not a position in degrees.",
)
