"""Things of a case that nothing speaks of: usually a slip in a condition or a forgotten line.

`unused_measure` somebody may pay for it somewhere; `unused_fund` it may pay for something; `unused_group` a
target, measure, need, standard or rule speaks of it; `unused_resource` a measure uses it; `unused_tag` a
condition or a named check does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from models.catalogue import Catalogue
from models.citation import Citation, Text
from models.finding import Finding
from models.policy import Selector
from models.rules.questions import NameUse, names_used
from models.rules.tree import Comparison, Subject
from optimizer.study.checks.ground import Ground
from optimizer.study.checks.rules import quantities
from optimizer.study.checks.verdicts import Pair, asked, there_is


def findings(ground: Ground, catalogue: Catalogue) -> Iterator[Finding]:
    """Measures, funds, groups, resources, tags; `catalogue`: the named checks, which go by tags too."""
    yield from measures(ground)
    yield from funds(ground)
    yield from groups(ground)
    yield from resources(ground)
    yield from tags(ground, catalogue)


def _used(
    ground: Ground,
    rule: str,
    title: Text,
    times: int,
    counted: Pair,
    *,
    files: str,
    remedy: Pair,
    citation: Citation | None,
) -> Iterator[Finding]:
    zero = ("零", "none")
    check = asked(
        rule,
        title,
        counted,
        Comparison.MORE,
        zero,
        "",
        files=files,
        remedy=remedy,
        citation=citation,
        hard=False,
    )
    yield from there_is(check, ground.root, times)


def measures(ground: Ground) -> Iterator[Finding]:
    """A measure with a cost has a fund that may pay for it somewhere."""
    payers = Counter(measure for measure, _ in ground.places.flows)
    priced = {name for (name, _, _), fen in ground.case.tables.costs.items() if fen > 0}
    for measure in ground.case.measures.values():
        if measure.id in priced or measure.upkeep:
            yield from _used(
                ground,
                f"unused_measure.{measure.id}",
                measure.title,
                payers[measure.id],
                ("可支付的资金", "funds that may pay for it"),
                files="measures.yaml, funds.yaml, funds.csv",
                remedy=(
                    "没有资金可以支付，措施无法实施；请核对 payers、pays、where",
                    "nobody may pay, so it cannot be bought: look up payers, pays and where",
                ),
                citation=measure.citation,
            )


def funds(ground: Ground) -> Iterator[Finding]:
    """A fund may pay for something somewhere."""
    pays = Counter(fund for _, fund in ground.places.flows)
    for item in ground.case.funds.values():
        yield from _used(
            ground,
            f"unused_fund.{item.id}",
            item.title,
            pays[item.id],
            ("可支付的措施", "measures it may pay for"),
            files="funds.yaml, measures.yaml",
            remedy=(
                "这笔资金无处可用；请核对 pays、where 和措施的 payers",
                "this money can be spent on nothing: look up pays, where and the measures' payers",
            ),
            citation=item.citation,
        )


def groups(ground: Ground) -> Iterator[Finding]:
    """Something asks for a group's exit, helps it or is held up by it."""
    case = ground.case
    named = [group for need in case.needs.values() for group in need.holds]
    named += [group for measure in case.measures.values() for group in measure.serves]
    named += [
        g.id
        for target in case.targets.values()
        if target.kind == "exits"
        for g in ground.groups_of(target.groups)
    ]
    for standard in case.standards.values():
        named += [group for condition in standard.conditions for group in condition.groups]
    for use in _uses(ground):
        if use.subject is Subject.GROUP:
            named += [g.id for g in case.groups.values() if use.value in {g.id, g.counts, *g.tags}]
    for group in case.groups.values():
        yield from _used(
            ground,
            f"unused_group.{group.id}",
            group.title,
            named.count(group.id),
            ("提到它的条目", "items that speak of it"),
            files="groups.yaml, targets.yaml, measures.yaml",
            remedy=(
                "没有目标、措施或规则提到这一人群；请补充或删去",
                "no target, measure or rule speaks of these people: add one or leave the group out",
            ),
            citation=group.citation,
        )


def resources(ground: Ground) -> Iterator[Finding]:
    """Some measure uses a resource."""
    for resource in ground.case.resources.values():
        yield from _used(
            ground,
            f"unused_resource.{resource.id}",
            resource.title,
            sum(resource.id in measure.uses for measure in ground.case.measures.values()),
            ("使用它的措施", "measures that use it"),
            files="funds.yaml, measures.yaml",
            remedy=(
                "没有措施使用这种资源，它的限额不起作用；请核对 uses",
                "no measure uses it, so that its limit never counts: look up uses",
            ),
            citation=resource.citation,
        )


def tags(ground: Ground, catalogue: Catalogue) -> Iterator[Finding]:
    """Some condition names a tag, or a named check goes by it."""
    case = ground.case
    tagged: Mapping[Subject, Iterator[frozenset[str]]] = {
        Subject.REGION: (region.tags for region in case.regions),
        Subject.FUND: (fund.tags for fund in case.funds.values()),
        Subject.MEASURE: (measure.tags for measure in case.measures.values()),
        Subject.GROUP: (group.tags for group in case.groups.values()),
        Subject.NEED: (need.tags for need in case.needs.values()),
    }
    used = [(use.subject, use.value) for use in _uses(ground) if use.field == "tag"]
    used += catalogue.tags()
    for subject, several in tagged.items():
        for tag in sorted(frozenset[str]().union(*several)):
            yield from _used(
                ground,
                f"unused_tag.{subject}.{tag}",
                Text(zh=f"标签 {subject}.tag {tag}", en=f"tag {tag} ({subject}.tag)"),
                used.count((subject, tag)),
                ("用到它的条件和检查", "conditions and named checks that go by it"),
                files="regions.csv, *.yaml",
                remedy=(
                    "没有条件或检查用到这个标签；只作说明可不理会，否则请核对条件里的写法",
                    "nothing goes by it: fine if it only informs, else look up how conditions spell it",
                ),
                citation=None,
            )


def _uses(ground: Ground) -> Iterator[NameUse]:
    """Every name in every condition and rule of the case."""
    for selector in _selectors(ground):
        if selector.condition is not None:
            yield from names_used(selector.condition)
    for rule in ground.case.rules.values():
        for _, side, _ in rule.parts:
            for quantity, _ in quantities(side, 0):
                if quantity.where is not None:
                    yield from names_used(quantity.where)


def _selectors(ground: Ground) -> Iterator[Selector]:
    case = ground.case
    for measure in case.measures.values():
        yield measure.where
        yield measure.payers
        yield from (share.payer for share in measure.shares)
        yield from (layer.payer for layer in measure.layers if layer.payer is not None)
        if measure.match is not None:
            yield measure.match.by
            yield measure.match.of
    for fund in case.funds.values():
        yield fund.where
        yield fund.pays
    yield from (standard.where for standard in case.standards.values())
    yield from (target.where for target in case.targets.values())
    yield from (rule.where for rule in case.rules.values())
