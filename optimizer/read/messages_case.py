"""Texts about parts of a case that do not fit together, about patches and allocations; see `messages`."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.read.message import Message

CASE: Mapping[str, Message] = {
    # --- names
    "unknown-id": Message(
        ("没有编号为「{found}」的{kind}", "", "{near}请更正，或先声明它"),
        ("there is no {kind} {found!r}", "", "{near}Correct it, or declare it first"),
    ),
    "unknown-in-condition": Message(
        ("「{field}」里的「{found}」不是案例里有的{kind}", "", "{near}请更正"),
        ("{found!r} in {field!r} is not a known {kind}", "", "{near}Correct it"),
    ),
    "wrong-subject": Message(
        ("「{field}」不能以「{found}」为条件", "只能用：{allowed}", "请改写条件"),
        ("{field!r} cannot ask about {found!r}", "only: {allowed}", "Rewrite the condition"),
    ),
    # --- regions
    "no-root": Message(
        (
            "没有最上级地区（每个地区都写了上级）",
            "恰好一个 parent 为空的地区",
            "请把最上级地区的 parent 留空",
        ),
        (
            "no region is the root (each has a parent)",
            "one region without a parent",
            "Leave the parent of the root empty",
        ),
    ),
    "several-roots": Message(
        (
            "「{found}」没有上级，而最上级地区已是第 {first} 行的「{root}」",
            "只有一个最上级地区",
            "请填上它的 parent",
        ),
        (
            "{found!r} has no parent, and the root is {root!r} on line {first}",
            "one root only",
            "Give it a parent",
        ),
    ),
    "region-cycle": Message(
        ("上级关系绕成了圈（{found}）", "", "请更正其中一个 parent"),
        ("the parents form a cycle ({found})", "", "Correct one of the parents"),
    ),
    "level-order": Message(
        ("地区级别不低于它的上级「{parent}」（{above}）", "比 {above} 低的级别", "请更正 level 或 parent"),
        (
            "the level is not below that of its parent {parent!r} ({above})",
            "a level below {above}",
            "Correct level or parent",
        ),
    ),
    "not-a-leaf": Message(
        ("存量只能写在最下级地区，「{found}」下面还有地区（如「{example}」）", "", "请分到下级地区"),
        (
            "stocks stand at regions with nothing below them; below {found!r} there is {example!r}",
            "",
            "Split it among the regions below",
        ),
    ),
    "no-region": Message(
        ("「{item}」没有选中任何地区", "", "请检查条件和地区的级别、标签"),
        ("{item!r} selects no region", "", "Check the condition and the levels and tags of regions"),
    ),
    "no-stock-row": Message(
        (
            "「{region}」的「{group}」在 stocks.csv 里没有行（这样的行共 {count} 行）",
            "",
            "请在 stocks.csv 给这个地区、人群加一行；期初没有人就写 0",
        ),
        (
            "stocks.csv has no row for {group!r} in {region!r} ({count} such rows)",
            "",
            "Give the place and group a row in stocks.csv; 0 where nobody is there at the start",
        ),
    ),
    "revoked-early": Message(
        (
            "规划内的退出最早在第二年才能撤销",
            "{first} 年或以后",
            "规划以前的退出被撤销，写进 entrants.csv，kind 写 revoked",
        ),
        (
            "exits of the plan can be undone from its second year on",
            "{first} or later",
            "An exit from before the plan that is undone stands in entrants.csv with the kind revoked",
        ),
    ),
    "brought-nowhere": Message(
        (
            "「{region}」新增的人会带来需求「{need}」，可它和上级地区在 needs.csv 里都没有这项需求",
            "",
            "请在 needs.csv 加一行；原来没有就写 0",
        ),
        (
            "those who become poor in {region!r} bring the need {need!r}, "
            "which neither it nor a region above has",
            "",
            "Give it a row in needs.csv; 0 where there was none",
        ),
    ),
    # --- needs, measures
    "backlog-year": Message(
        ("存量需求「{need}」不写年份", "空", "请清空 year，或把需求的 kind 改为 entitlement"),
        (
            "a backlog such as {need!r} has no year",
            "an empty cell",
            "Clear the year, or make it an entitlement",
        ),
    ),
    "entitlement-holds": Message(
        ("holds 只用于存量需求，「{need}」是应享需求", "", "请删去 holds，或把 kind 改为 backlog"),
        ("holds is for a backlog, and {need!r} is an entitlement", "", "Remove holds, or make it a backlog"),
    ),
    "not-one": Message(
        ("「{item}」的 {field} 加起来不是 100%", "合计 100%", "请更正各项；除不尽的写成分数，如 1/3"),
        (
            "{field} of {item!r} does not add up to 100%",
            "100% in all",
            "Correct the parts; write thirds as 1/3",
        ),
    ),
    "lot-not-fen": Message(
        ("措施「{measure}」每批（lot {lot}）的金额不是整分", "单价 x lot 为整分的金额", "请改金额或 lot"),
        (
            "an amount per lot ({lot}) of {measure!r} is not whole fen",
            "an amount that times lot is whole fen",
            "Change the amount or the lot",
        ),
    ),
    "one-payer-shares": Message(
        ("措施「{measure}」既只许一个出资方（one_payer），又按 shares 由几方分摊", "", "请删去其中一个"),
        ("{measure!r} has one_payer, and shares for several payers", "", "Remove one of them"),
    ),
    "layers-alone": Message(
        (
            "措施「{measure}」按 layers 由几层支付账单，同时写了 {field}",
            "",
            "请删去其中一个：分层支付的账单在开工当年一次付清",
        ),
        (
            "{measure!r} has layers that pay its bill, and {field}",
            "",
            "Remove one of them: a bill with layers is paid at once, in the year of the start",
        ),
    ),
    "layers-outside": Message(
        ("措施「{measure}」的支付层都没有写 payer，方案不付任何一层", "", "请给由方案资金支付的层写上 payer"),
        (
            "no layer of {measure!r} has a payer, so the plan would pay nothing",
            "",
            "Give the layers that funds of the case pay a payer",
        ),
    ),
    "after-cycle": Message(
        ("after 的先后关系绕成了圈（{found}）", "", "请删去其中一个 after"),
        ("after leads back to where it started ({found})", "", "Remove one of them"),
    ),
    "exclusion-of-what": Message(
        ("互斥「{item}」要写 group 或 need 中的一个", "", "请恰好写一个"),
        ("exclusion {item!r} needs either group or need", "", "Write exactly one of them"),
    ),
    "exclusion-measure": Message(
        ("措施「{found}」的 {field} 里没有「{of}」，谈不上互斥", "", "请从互斥里去掉它，或补上 {field}"),
        (
            "{found!r} has no {of!r} in its {field}, so nothing is excluded",
            "",
            "Take it out, or add it to {field}",
        ),
    ),
    "listed-twice": Message(
        ("「{field}」里「{found}」写了两次", "", "请只留一个"),
        ("{found!r} stands twice in {field}", "", "Keep one of them"),
    ),
    "no-site": Message(
        ("没有一个地区可以实施措施「{measure}」", "", "请检查它的 level、where 和地区的级别、标签"),
        (
            "no region may buy the measure {measure!r}",
            "",
            "Check its level and where, and levels and tags of regions",
        ),
    ),
    "no-payer": Message(
        ("措施「{measure}」的「{field}」没有选中任何资金", "", "请检查条件，以及资金的级别、标签和 pays"),
        (
            "{field!r} of {measure!r} selects no fund",
            "",
            "Check the condition, and level, tags and pays of the funds",
        ),
    ),
    "payer-twice": Message(
        ("资金「{fund}」同时属于措施「{measure}」的两个出资方", "", "请把各方的条件写得互不重叠"),
        ("fund {fund!r} is in two payers of {measure!r}", "", "Let their conditions not overlap"),
    ),
    "no-flow": Message(
        (
            "能为措施「{measure}」出钱的资金（{funds}）到不了任何实施地区",
            "",
            "请检查资金的 pooled_at、where 和 funds.csv 的地区",
        ),
        (
            "no fund that may pay for {measure!r} ({funds}) reaches a place where it is bought",
            "",
            "Check pooled_at and where of the funds, and the regions of funds.csv",
        ),
    ),
    "cost-missing": Message(
        (
            "措施「{measure}」有 {count} 处没有单价，第一处：地区「{region}」{year} 年",
            "",
            "请补上；region 或 year 留空表示都适用",
        ),
        (
            "{measure!r} has no unit cost in {count} place(s), the first: region {region!r} in {year}",
            "",
            "Add rows; an empty region or year means everywhere or every year",
        ),
    ),
    "unbounded": Message(
        (
            "措施「{measure}」有 {field}，但在地区「{region}」没有数量上限",
            "",
            "请在 capacity.csv 给出上限，或让它满足（meets）一项有数量的需求",
        ),
        (
            "{measure!r} has {field} and no upper bound in region {region!r}",
            "",
            "Give one in capacity.csv, or let it meet a need with an amount there",
        ),
    ),
    "row-unused": Message(
        (
            "「{item}」在这一级地区用不到这一行",
            "级别 {level} 的地区",
            "请改成会用到的地区（leaf 指最下级地区）",
        ),
        (
            "this row of {item!r} can never count at such a region",
            "a region of level {level}",
            "Use the regions where it counts (leaf: lowest)",
        ),
    ),
    # --- funds
    "wrong-pool-level": Message(
        (
            "地区「{found}」的级别是 {is}，而资金「{fund}」在 {level} 一级统筹",
            "{level} 级地区",
            "请改地区，或改资金的 pooled_at",
        ),
        (
            "{found!r} is a {is}, and fund {fund!r} is pooled at {level}",
            "a region of level {level}",
            "Change the region, or pooled_at of the fund",
        ),
    ),
    "at-least-unwanted": Message(
        ("at_least 只用于 supply 为 up_to 的资金，「{fund}」不是", "空", "请清空，或把 supply 改为 up_to"),
        (
            "at_least is for supply up_to, and {fund!r} is not",
            "an empty cell",
            "Clear it, or make the supply up_to",
        ),
    ),
    "given-unknown": Message(
        (
            "资金「{fund}」是既定的（given），金额不能写 unknown",
            "一个数",
            "请写出金额，或把 supply 改为 up_to",
        ),
        (
            "fund {fund!r} is given, so its amount cannot be unknown",
            "a number",
            "State the amount, or make its supply up_to",
        ),
    ),
    "apportion-needs": Message(
        (
            "apportion 要与 each 和 amounts 一起用，不能与 shares 一起用",
            "",
            "请补上 each 和 amounts，或去掉 apportion",
        ),
        (
            "apportion goes with each and amounts, not with shares",
            "",
            "Add each and amounts, or remove apportion",
        ),
    ),
    "apportion-base": Message(
        ("不能按「{base}」分配：地区「{region}」没有这个数或合计为零", "", "请补上各地区的数"),
        (
            "cannot share out by {base!r}: region {region!r} has no such number, or all are zero",
            "",
            "Give it",
        ),
    ),
    "goal-twice": Message(
        ("目标「{goal}」在 first_goals 与 goal 中重复", "", "请去掉一个"),
        ("the goal {goal!r} is listed twice", "", "Remove one"),
    ),
    "at-least-above": Message(
        ("at_least 大于 amount", "不大于 {most}", "请更正"),
        ("at_least is more than amount", "at most {most}", "Correct it"),
    ),
    "fund-without-amounts": Message(
        (
            "资金「{fund}」在 funds.csv 里没有金额",
            "",
            "请逐年补上；由方案决定、没有上限的资金写 supply: open",
        ),
        ("fund {fund!r} has no amounts in funds.csv", "", "Add a row per year, or make its supply open"),
    ),
    "pool-year-missing": Message(
        ("资金「{fund}」在「{region}」缺少年份：{years}", "", "请补上；没有钱的年份写 0"),
        (
            "fund {fund!r} at {region!r} has no row for: {years}",
            "",
            "Add them; write 0 for a year without money",
        ),
    ),
    # --- exits, targets, rules
    "condition-field-missing": Message(
        ("{kind} 条件缺少「{field}」", "", "请补上；这种条件要写：{needed}"),
        ("a {kind} condition needs {field!r}", "", "Add it; the fields of this kind are: {needed}"),
    ),
    "condition-field-unwanted": Message(
        ("{kind} 条件不用「{field}」", "", "请删去；这种条件只写：{needed}"),
        ("a {kind} condition has no {field!r}", "", "Remove it; the fields of this kind are: {needed}"),
    ),
    "poor-share-unit": Message(
        (
            "贫困发生率的分母「{attribute}」不是人数（单位是{unit}）",
            "单位为 person 的属性",
            "请改 of，或改属性的 unit",
        ),
        (
            "the base {attribute!r} of a poor share is not persons (its unit is {unit})",
            "an attribute in person",
            "Change of, or the unit of the attribute",
        ),
    ),
    "poor-share-group": Message(
        ("贫困发生率只数人，人群「{found}」按村计数", "counts 为 persons 的人群", "请去掉它"),
        (
            "a poor share counts persons, and group {found!r} counts villages",
            "groups that count persons",
            "Take it out",
        ),
    ),
    "target-field-missing": Message(
        ("{kind} 目标缺少「{field}」", "", "请补上"),
        ("a target of kind {kind} needs {field!r}", "", "Add it"),
    ),
    "target-field-unwanted": Message(
        ("{kind} 目标不用「{field}」", "", "请删去；这种目标用 {needed}"),
        ("a target of kind {kind} has no {field!r}", "", "Remove it; this kind has {needed}"),
    ),
    "amounts-and-shares": Message(
        ("目标「{target}」同时写了 amounts 和 shares", "", "请只留一个"),
        ("target {target!r} has both amounts and shares", "", "Keep one of them"),
    ),
    "no-amounts": Message(
        ("目标「{target}」没有写数量", "", "请写 amounts 或 shares，如 amounts: {{2018: 110}}"),
        ("target {target!r} has no amounts", "", "Write amounts or shares, as in amounts: {{2018: 110}}"),
    ),
    "mixed-counts": Message(
        ("目标的人群有的按人计数，有的按村计数", "同一种计数的人群", "请拆成两个目标"),
        (
            "the groups of the target count both persons and villages",
            "groups that count one thing",
            "Make it two targets",
        ),
    ),
    "price-missing": Message(
        ("「{item}」是 soft，但没有价格", "", "请写 price，如 price: 1万元；或把 severity 改为 hard"),
        ("{item!r} is soft and has no price", "", "Add price, as in price: 1万元, or make it hard"),
    ),
    "price-unwanted": Message(
        ("「{item}」是 {severity}，不能有价格", "", "请删去 price，或把 severity 改为 soft"),
        ("{item!r} is {severity} and takes no price", "", "Remove price, or make it soft"),
    ),
    "rule-and-target": Message(
        ("规则和目标不能同用一个编号「{found}」（目标在 {first}）", "", "请改掉其中一个编号"),
        ("a rule and a target share the id {found!r} (the target: {first})", "", "Change one of them"),
    ),
    "rule-outside-horizon": Message(
        (
            "规则的有效年份全在案例的年份之外",
            "与 {first}-{last} 有重合",
            "请更正 years，或移到 checklist.yaml",
        ),
        (
            "the rule is never valid within the case",
            "years that overlap {first}-{last}",
            "Correct years, or move it to checklist.yaml",
        ),
    ),
    # --- patches
    "unknown-scenario": Message(
        ("没有情景「{found}」", "下列之一：{known}", "{near}请更正"),
        ("there is no scenario {found!r}", "one of: {known}", "{near}Correct it"),
    ),
    "patch-syntax": Message(
        ("看不懂这个修改", "种类.编号[年份,地区].字段=值，如 fund.central[2018].amount=0.92x", "请改写"),
        (
            "this patch cannot be read",
            "kind.id[year,region].field=value, as in fund.central[2018].amount=0.92x",
            "Rewrite it",
        ),
    ),
    "patch-kind": Message(
        ("没有可以修改的种类「{kind}」", "下列之一：{known}", "{near}请更正"),
        ("there is no kind {kind!r} to patch", "one of: {known}", "{near}Correct it"),
    ),
    "patch-field": Message(
        ("「{kind}」没有可以修改的字段「{field}」", "下列之一：{known}", "{near}请更正"),
        ("{kind!r} has no field {field!r} to patch", "one of: {known}", "{near}Correct it"),
    ),
    "patch-id": Message(
        ("没有{kind}「{id}」", "下列之一：{known}", "{near}请更正，* 表示全部"),
        ("there is no {kind} {id!r}", "one of: {known}", "{near}Correct it; * means all"),
    ),
    "patch-nothing": Message(
        ("没有修改到任何东西：「{id}」的「{field}」没有这样的数值", "{known}", "请检查方括号里的年份和地区"),
        (
            "nothing is changed: {id!r} has no such {field!r}",
            "{known}",
            "Check years and regions in the brackets",
        ),
    ),
    "patch-open": Message(
        (
            "资金「{id}」不限额，没有可乘、可加或按年份修改的金额",
            "",
            "请给出每年的金额，例如 fund.{id}.amount=2000万元",
        ),
        (
            "fund {id!r} is open: it has no amount to multiply, to add to or to change in one year",
            "",
            "Set an amount for every year, e.g. fund.{id}.amount=2000万元",
        ),
    ),
    "patch-brackets": Message(
        ("「{field}」不分年份和地区，不能用方括号", "", "请去掉方括号"),
        ("{field!r} has no years or regions, so it takes no brackets", "", "Remove the brackets"),
    ),
    # --- allocations
    "allocation-empty": Message(
        ("文件夹里没有 allocation.csv", "", "请给出方案的文件夹或一个 CSV 文件"),
        ("the folder holds no allocation.csv", "", "Give the folder of a plan, or a CSV file"),
    ),
    "file-not-found": Message(
        ("没有这个文件", "", "请检查路径"),
        ("there is no such file", "", "Check the path"),
    ),
    "allocation-type": Message(
        ("这里只读 .csv", "allocation.csv，或含有它的文件夹", "请另存为 CSV UTF-8"),
        ("only .csv is read here", "allocation.csv, or a folder with it", "Save it as CSV UTF-8"),
    ),
    "cell-unwanted": Message(
        ("{item} 行不用「{field}」", "空", "请清空这一格"),
        ("a line of {item} has no {field!r}", "an empty cell", "Clear the cell"),
    ),
    "unknown-unit": Message(
        ("{item} 行的单位不对", "{known}", "请更正单位和数量"),
        ("this unit is wrong for a line of {item}", "{known}", "Correct unit and amount"),
    ),
    "not-one-leave": Message(
        ("leaves 行的数量只能是 1", "1", "请更正"),
        ("the amount of a line of leaves is 1", "1", "Correct it"),
    ),
}
