"""What a policy document is made of: groups, needs, measures, funds, resources, exit standards, targets.

Each is a frozen, closed model read from YAML; figures per region and year stand in the case's tables
(`models.case.Tables`). Money is `int` fen, every rate, share and per-unit amount an exact `Fraction`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction

from models.citation import Citation, Closed, Text
from models.region import Level
from models.rules.tree import Claim, Comparison, Condition, Expression, Subject


class Selector(Closed):
    """A condition as written and as parsed; `condition` is None when everything is let through."""

    text: str
    condition: Condition | None


EVERYTHING = Selector(text="", condition=None)


class Counts(StrEnum):
    """What the stock of a group is counted in."""

    PERSONS = "persons"
    VILLAGES = "villages"


class Entry(StrEnum):
    """How somebody who was not in the stock comes into it (entrants.csv)."""

    NEW = "new"  # 新增: became poor
    RELAPSED = "relapsed"  # 返贫: had left before the plan and fell back
    REVOKED = "revoked"  # 撤销: had left before the plan and the exit was undone


class Group(Closed):
    """人群: people (or villages) that are planned for together; stock per region in stocks.csv."""

    id: str
    title: Text
    counts: Counts
    tags: frozenset[str] = frozenset()
    relapse: Fraction = Fraction(0)
    """返贫率: share of those out at the end of a year that return in the next, rounded up to persons."""
    revoked: Fraction = Fraction(0)
    """撤销率: share of the exits of a year that the check of the next year undoes, rounded up to persons.
    Where revoked.csv has a row for the place and year, its number counts instead."""
    waits: bool = False
    """Whether those alone leave in a year who were poor when it began (当年纳入的当年不退出)."""
    citation: Citation


class NeedKind(StrEnum):
    """存量 (cleared once) or 应享 (falls due every year)."""

    BACKLOG = "backlog"
    ENTITLEMENT = "entitlement"


class Need(Closed):
    """需求: something countable that must be met; amounts per region (and year) in needs.csv."""

    id: str
    title: Text
    unit: str
    kind: NeedKind
    tags: frozenset[str] = frozenset()
    holds: Mapping[str, Fraction] = {}
    """Group -> how many of its members one open unit holds back from leaving (backlog only)."""
    due: Mapping[int, Fraction] = {}
    """Year -> share of each region's need that must be met by then (an entitlement: in that year)."""
    brought_by: Mapping[str, Fraction] = {}
    """Group -> units of the need that each who becomes poor brings along, from that year on; what all of
    them in a region (and below) bring is rounded up. Who was poor before has them in needs.csv."""
    citation: Citation


class Serves(Closed):
    """What a unit in effect does for a group: fen of income a year, and the most units a person can take."""

    lift: int
    most: Fraction


class Share(Closed):
    """One payer's part of every unit's cost. Whole fen per lot, by largest remainder."""

    payer: Selector
    share: Fraction


class Layer(Closed):
    """分层支付: of what the layers before leave of a bill, `rate` of all above `deductible`, at most `cap`.

    In whole fen, rounded down; what is rounded off is left to the next layer.
    """

    id: str
    title: Text
    deductible: int = 0
    rate: Fraction
    cap: int | None = None
    payer: Selector | None = None
    """Funds of the case that pay it; None: it is paid outside the case and costs the plan nothing."""


class Match(Closed):
    """Money of `by` equals `ratio` times money of `of`, for every place and year (配套)."""

    by: Selector
    of: Selector
    ratio: Fraction


class After(Closed):
    """Units started to date are at most `ratio` times the units of `measure` in effect by then (先后)."""

    measure: str
    ratio: Fraction


class Recovery(Closed):
    """收回本金: `share` of a unit's cost comes back to a fund there, `after` years from the start."""

    after: int
    share: Fraction
    into: str


class Project(Closed):
    """项目: one undertaking that several measures are parts of; a rule may ask something of each."""

    id: str
    title: Text
    citation: Citation


class Measure(Closed):
    """措施: something money buys. Unit costs per region and year stand in costs.csv."""

    id: str
    title: Text
    unit: str
    tags: frozenset[str] = frozenset()
    project: str | None = None
    """The project it is a part of."""
    level: Level | None = None
    """Regions of this level buy it; None: the leaves of the tree."""
    where: Selector = EVERYTHING
    years: tuple[int, int] | None = None
    """First and last year in which a unit may be started; None: every year."""
    lot: Fraction = Fraction(1)
    """Published quantities are whole multiples of this."""
    indivisible: bool = False
    """The solver itself decides in whole lots; otherwise lots are made whole when the plan is settled."""
    smallest: Fraction | None = None
    """Nothing, or at least this much in a place and year."""
    profile: tuple[Fraction, ...] = (Fraction(1),)
    """Share of the unit cost paid in the year of the start, the year after, ...; adds up to 1."""
    upkeep: int = 0
    """Fen per unit and year while it is in effect."""
    lag: int = 0
    """Years from the start until it takes effect."""
    lifetime: int | None = None
    """Years in effect; None: to the end of the horizon."""
    meets: Mapping[str, Fraction] = {}
    serves: Mapping[str, Serves] = {}
    adds: Mapping[str, Fraction] = {}
    """Attribute of the region -> what one unit in effect adds to it (collective income ...)."""
    uses: Mapping[str, Fraction] = {}
    benefit: Fraction = Fraction(0)
    payers: Selector
    shares: tuple[Share, ...] = ()
    layers: tuple[Layer, ...] = ()
    """Who pays what of a unit's bill, in this order; then the rows of costs.csv are bills."""
    match: Match | None = None
    recovers: Recovery | None = None
    one_payer: bool = False
    """In a place and year only one fund may pay."""
    after: tuple[After, ...] = ()
    subject_codes: Mapping[int, str] = {}
    citation: Citation


class Exclusion(Closed):
    """No double benefit: a member of the group, or a unit of the need, takes one of these at most."""

    id: str
    title: Text
    measures: tuple[str, ...]
    group: str | None = None
    need: str | None = None
    citation: Citation


class FundLevel(StrEnum):
    """Who the money comes from."""

    CENTRAL = "central"
    PROVINCIAL = "provincial"
    CITY = "city"
    COUNTY = "county"
    SOCIAL = "social"
    ENTERPRISE = "enterprise"
    HOUSEHOLD = "household"


class Supply(StrEnum):
    """How a fund's yearly amount comes about."""

    GIVEN = "given"  # exactly the amount in funds.csv
    UP_TO = "up_to"  # decided by the plan, at most the amount (and at least `at_least`, if given)
    OPEN = "open"  # decided by the plan without limit: the plan says how much is needed


class Fund(Closed):
    """资金: a pot of money at each region of `pooled_at`, spent in that region and below."""

    id: str
    title: Text
    level: FundLevel
    tags: frozenset[str] = frozenset()
    supply: Supply
    pooled_at: Level
    cost_weight: Fraction
    """Weight of one fen spent in "least cost": 1 for public money, 0 for what the plan does not pay."""
    where: Selector = EVERYTHING
    pays: Selector = EVERYTHING
    carry_over: bool = False
    spending_floor: Fraction | None = None
    """Least share of the year's money that is spent in the year; what is carried or lapses is the rest."""
    citation: Citation


class Resource(Closed):
    """A resource that is not money (land quota 亩 ...), limits per region and year in resources.csv."""

    id: str
    title: Text
    unit: str
    citation: Citation


class ConditionKind(StrEnum):
    """What an exit standard can ask of a region."""

    POOR_SHARE = "poor_share"
    NEED = "need"
    GROUP_OUT = "group_out"
    REGIONS_OUT = "regions_out"
    ATTRIBUTE = "attribute"


class StandardCondition(Closed):
    """One condition of an exit standard.

    poor_share: persons still in `groups` <= `share` x attribute `of`; need: met >= `share` x need;
    group_out: out >= `share` x stock of the `groups`; regions_out: listed regions of `level` below that are
    out >= `share` x their number; attribute: attribute `of` plus what measures add >= `amount`.
    """

    id: str
    kind: ConditionKind
    share: Fraction | None = None
    of: str | None = None
    need: str | None = None
    groups: tuple[str, ...] = ()
    level: Level | None = None
    amount: Fraction | None = None
    citation: Citation


class Standard(Closed):
    """退出标准: the regions `where` may leave the list once every condition holds; they never fall back."""

    id: str
    title: Text
    where: Selector
    conditions: tuple[StandardCondition, ...]
    citation: Citation


class Severity(StrEnum):
    """Hard binds the plan; soft may be missed at a price; advisory is only reported."""

    HARD = "hard"
    SOFT = "soft"
    ADVISORY = "advisory"


class TargetKind(StrEnum):
    """What a target counts."""

    EXITS = "exits"  # members of the groups
    LISTED = "listed"  # regions of a standard
    MET = "met"  # units of a need


class Target(Closed):
    """目标: so much by (cumulative) or in each year, over all regions `where` together or in each of them."""

    id: str
    title: Text
    kind: TargetKind
    groups: tuple[str, ...] = ()
    standard: str | None = None
    need: str | None = None
    where: Selector = EVERYTHING
    each: Level | None = None
    """One target for every region of this level instead of one in all."""
    cumulative: bool
    compare: Comparison
    amounts: Mapping[int, int] = {}
    apportion: str | None = None
    """With `each`: the amount is for all regions together and is shared out in proportion to this attribute
    of theirs, or to what the target counts (`stock`), in whole numbers by largest remainder."""
    shares: Mapping[int, Fraction] = {}
    """Year -> share of the stock (or need, or number of listed regions), made whole by rounding up."""
    entrants: bool = True
    """Whether the stock that a share is a share of (and that `apportion` goes by) includes those who
    entered up to the year; else it is the stock at the start. Exits only."""
    severity: Severity
    price: int | None = None
    """Fen per unit short (soft only)."""
    citation: Citation


class Rule(Closed):
    """规则: a linear statement with its law; see docs/rules.md for the grammar and its meaning."""

    id: str
    title: Text
    years: tuple[int, int]
    severity: Severity
    price: int | None = None
    """Fen per base unit (fen, person ...) by which a soft rule is missed."""
    for_each: tuple[Subject, ...]
    where: Selector
    left: Expression
    compare: Comparison
    right: Expression
    left_text: str
    right_text: str
    unless: tuple[Claim, ...] = ()
    """Where one of these holds the rule asks nothing: a later use only once an earlier one is met (先后)."""
    unless_text: str = ""
    unit: str
    """What the two sides are measured in: money, person, village, or a unit of the case."""
    citation: Citation

    @property
    def parts(self) -> tuple[tuple[str, Expression, str], ...]:
        """Every expression of the rule: (field it stands in, tree, text of the field)."""
        claimed = (side for claim in self.unless for side in (claim.left, claim.right))
        return (
            ("left", self.left, self.left_text),
            ("right", self.right, self.right_text),
            *(("unless", side, self.unless_text) for side in claimed),
        )


class ChecklistItem(Closed):
    """A clause nobody can compute; the auditor's report carries it for a human eye."""

    id: str
    title: Text
    citation: Citation


class Scenario(Closed):
    """A named reading of the case: patches in the form of `--set`."""

    id: str
    title: Text
    why: Text
    patches: tuple[str, ...]


class Uncertain(Closed):
    """不确定: a figure that may turn out `low` to `high` times as large; likeliest `mode` times, if known.

    One factor for all rows that `path` (in the form of `--set`, without a value) lets through. Without a mode
    every factor in the range is as likely as any other, with it the likelihood falls to both sides in
    straight lines (triangular).
    """

    id: str
    title: Text
    path: str
    low: Fraction
    high: Fraction
    mode: Fraction | None = None
    citation: Citation
