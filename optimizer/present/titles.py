"""What a rule id means: `exit`, `supply.central`, `leave.national.roads` as a title with its citation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.case import Case
from models.citation import Citation, Language, Text
from models.policy import Exclusion, Fund, Group, Measure, Need, Resource, Standard
from models.rules.tree import Subject

#: The families of docs/mathematics.md: collection of the case that the subject is in, and what is said of it.
_FAMILIES: Mapping[str, tuple[str, Text]] = {
    "supply": ("funds", Text(zh="{}：可用金额", en="{}: the money there is")),
    "account": ("funds", Text(zh="{}：收支相符", en="{}: the account balances")),
    "reserve": ("funds", Text(zh="{}：为不确定单价留的余钱", en="{}: the reserve for uncertain costs")),
    "floor": ("funds", Text(zh="{}：当年支出进度", en="{}: least spending in the year")),
    "cost": ("measures", Text(zh="{}：资金等于应付成本", en="{}: money equals cost")),
    "share": ("measures", Text(zh="{}：分担比例", en="{}: who pays which share")),
    "match": ("measures", Text(zh="{}：配套", en="{}: matching money")),
    "one_payer": ("measures", Text(zh="{}：只由一项资金支付", en="{}: one fund pays")),
    "capacity": ("measures", Text(zh="{}：实施能力", en="{}: capacity")),
    "smallest": ("measures", Text(zh="{}：最小规模", en="{}: smallest size")),
    "after": ("measures", Text(zh="{}：先后次序", en="{}: what comes first")),
    "serves": ("measures", Text(zh="{}：服务人数不超过实施数量", en="{}: serves no more than there is")),
    "open": ("measures", Text(zh="{}：可实施的地区和年份", en="{}: where and when it may start")),
    "payer": ("measures", Text(zh="{}：可支付的资金", en="{}: who may pay")),
    "lots": ("measures", Text(zh="{}：整批实施", en="{}: whole lots")),
    "resource": ("resources", Text(zh="{}：可用数量", en="{}: how much there is")),
    "exclusive": ("exclusions", Text(zh="{}", en="{}")),
    "need": ("needs", Text(zh="{}：不超过需求", en="{}: no more than needed")),
    "due": ("needs", Text(zh="{}：按期满足", en="{}: met when due")),
    "holds": ("needs", Text(zh="{}：未解决者不得退出", en="{}: holds people back while open")),
    "stock": ("groups", Text(zh="{}：退出不超过存量", en="{}: no more leave than there are")),
    "exits": ("groups", Text(zh="{}：退出人数", en="{}: exits")),
    "returned": ("groups", Text(zh="{}：返贫", en="{}: relapse")),
    "waits": ("groups", Text(zh="{}：当年纳入的当年不退出", en="{}: nobody leaves in the year of entry")),
    "revoked": ("groups", Text(zh="{}：撤销的退出", en="{}: exits undone")),
    "undone": ("groups", Text(zh="{}：撤销不超过已退出", en="{}: no more exits undone than there were")),
    "income": ("groups", Text(zh="{}：收入达标", en="{}: the income gap is closed")),
    "most": ("groups", Text(zh="{}：人均措施上限", en="{}: most of a measure per head")),
    "members": ("groups", Text(zh="{}：所在地区", en="{}: where its members are")),
    "stays": ("standards", Text(zh="{}：退出后不返回", en="{}: who left stays out")),
    "leave": ("standards", Text(zh="{}", en="{}")),
}

_PLAIN: Mapping[str, Text] = {
    "place": Text(zh="没有合法位置的行", en="lines without a lawful place"),
    "whole": Text(zh="金额与数量须为非负整数", en="amounts are whole and not negative"),
    "known": Text(zh="编号须在案例之内", en="ids are those of the case"),
    "manifest": Text(zh="文件与登记的哈希值一致", en="files match their recorded hashes"),
}

#: Families that bind in every plan by their nature; a list of what binds leaves them out.
BY_NATURE = (
    "most",
    "serves",
    "need",
    "stock",
    "waits",
    "undone",
    "stays",
    "exits",
    "one_payer",
    "smallest",
    "exclusive",
    "holds",
)

Item = Fund | Measure | Resource | Exclusion | Need | Group | Standard


@dataclass(frozen=True)
class Named:
    """A rule id with what to call it and where it comes from."""

    id: str
    title: Text
    citation: Citation | None


def named(case: Case, rule: str) -> Named:
    """The title and citation of a rule id; an id that nothing is known of stands for itself."""
    item = case.targets.get(rule) or case.rules.get(rule) or case.rules.get(rule.split("/")[0])
    if item is not None:
        rest = rule[len(item.id) :].strip("/")
        return Named(rule, _joined(item.title, _titles(case, rest)), item.citation)
    if rule in case.checks:
        return Named(rule, case.checks[rule], None)
    family, _, subject = rule.partition(".")
    if family in _PLAIN:
        return Named(rule, _PLAIN[family], None)
    if family not in _FAMILIES:
        return Named(rule, Text(zh=rule), None)
    collection, pattern = _FAMILIES[family]
    about, rest = _item(getattr(case, collection), subject)
    if about is None:
        return Named(rule, Text(zh=rule), None)
    title = Text(
        zh=pattern.zh.format(about.title.zh),
        en=pattern.said(Language.EN).format(about.title.said(Language.EN)),
    )
    return Named(rule, _joined(title, _detail(case, family, about, rest)), about.citation)


def _item(items: Mapping[str, Item], subject: str) -> tuple[Item | None, str]:
    """The item whose id opens the subject, and what follows: ids hold no dots."""
    about, _, rest = subject.partition(".")
    return items.get(about), rest


def _detail(case: Case, family: str, about: Item, rest: str) -> Text | None:
    if not rest:
        return None
    if family == "leave" and isinstance(about, Standard):
        kinds = {condition.id: condition for condition in about.conditions}
        return condition_title(case, about, rest) if rest in kinds else Text(zh=rest)
    if family == "holds" and rest in case.groups:
        return case.groups[rest].title
    if family == "most" and rest in case.measures:
        return case.measures[rest].title
    return Text(zh=rest)


def condition_title(case: Case, standard: Standard, condition: str) -> Text:
    """What a condition of an exit standard is about, in a few words."""
    found = next(item for item in standard.conditions if item.id == condition)
    if found.need is not None:
        return case.needs[found.need].title
    if found.of is not None and found.kind.value == "attribute" and found.of in case.attributes:
        return case.attributes[found.of].title
    titles: Mapping[str, Text] = {
        "poor_share": Text(zh="贫困发生率", en="poor share"),
        "group_out": Text(zh="退出比例", en="share that is out"),
        "regions_out": Text(zh="辖区退出比例", en="share of its regions that are out"),
    }
    return titles.get(found.kind.value, Text(zh=found.id))


def _titles(case: Case, rest: str) -> Text | None:
    """The titles of the measures and funds after a slash: `ID/item`."""
    if not rest:
        return None
    found = [case.funds[i].title if i in case.funds else case.measures[i].title if i in case.measures
             else Text(zh=i) for i in rest.split("/")]  # fmt: skip
    zh, en = (" / ".join(text.said(language) for text in found) for language in Language)
    return Text(zh=zh, en=en)


def _joined(title: Text, detail: Text | None) -> Text:
    if detail is None:
        return title
    return Text(zh=f"{title.zh}（{detail.zh}）", en=f"{title.said(Language.EN)} ({detail.said(Language.EN)})")


@dataclass(frozen=True)
class Labels:
    """A `models.rules.wording.Label`: ids become the titles of the case."""

    case: Case

    def __call__(self, subject: Subject, field: str, value: str, language: Language) -> str | None:
        """The title of an id or of an attribute; None for the built-in words."""
        case = self.case
        if subject is Subject.REGION:
            if field == "id" and value in case.regions:
                return case.regions[value].name
            return case.attributes[field].title.said(language) if field in case.attributes else None
        if field != "id":
            return None
        titles: Mapping[Subject, Mapping[str, Fund | Measure | Group | Need]] = {
            Subject.FUND: case.funds,
            Subject.MEASURE: case.measures,
            Subject.GROUP: case.groups,
            Subject.NEED: case.needs,
        }
        item = titles.get(subject, {}).get(value)
        return None if item is None else item.title.said(language)


def documents(case: Case, language: Language) -> dict[str, str]:
    """Titles of the documents by id."""
    return {document.id: document.title.said(language) for document in case.documents.values()}
