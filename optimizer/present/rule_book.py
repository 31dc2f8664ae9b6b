"""The rule book of a case: everything it demands, one sentence each, with years, severity and citation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from models.case import Case
from models.citation import Citation, Language
from models.layers import layer_amounts
from models.money import spelled, yuan
from models.policy import (
    ConditionKind,
    Fund,
    Layer,
    Measure,
    Need,
    NeedKind,
    Selector,
    Severity,
    Standard,
    StandardCondition,
    Target,
    TargetKind,
)
from models.rules.wording import say_condition, say_rule
from models.unit_words import unit_word
from optimizer.present.csv_texts import csv_text
from optimizer.present.objects import citation
from optimizer.present.titles import Labels, documents
from optimizer.present.words import said, word


@dataclass(frozen=True)
class Entry:
    """One demand. `severity` is None for a clause that only a person can check."""

    id: str
    kind: str
    title: str
    severity: Severity | None
    years: tuple[int, ...]
    sentence: str
    citation: Citation


def rule_book(case: Case, language: Language) -> list[Entry]:
    """Targets, rules, exit standards, then what funds, measures and needs ask for, then the checklist."""
    book = _Book(case, language)
    return [
        *book.targets(),
        *book.rules(),
        *book.standards(),
        *book.funds(),
        *book.measures(),
        *book.needs(),
        *book.exclusions(),
        *book.checklist(),
    ]


def rules_object(case: Case, language: Language) -> dict[str, Any]:
    """The object of `fenpei rules`."""
    texts = documents(case, language)
    return {
        "case": case.id,
        "sha256": case.sha256,
        "rules": [
            {
                "id": entry.id,
                "kind": entry.kind,
                "title": entry.title,
                "severity": None if entry.severity is None else entry.severity.value,
                "years": list(entry.years),
                "sentence": entry.sentence,
                "citation": citation(entry.citation, texts),
            }
            for entry in rule_book(case, language)
        ],
    }


def rules_csv(case: Case, language: Language) -> str:
    """The rule book as CSV."""
    header = [
        "id",
        "kind",
        "title",
        "severity",
        "years",
        "sentence",
        "document",
        "section",
        "basis",
        "clause",
    ]
    return csv_text(
        header,
        (
            [
                entry.id,
                entry.kind,
                entry.title,
                None if entry.severity is None else entry.severity.value,
                say_years(entry.years),
                entry.sentence,
                entry.citation.document,
                entry.citation.section,
                entry.citation.basis.value,
                entry.citation.clause,
            ]
            for entry in rule_book(case, language)
        ),
    )


def say_years(years: tuple[int, ...]) -> str:
    """`2018`, `2018–2020` or `2018, 2020`."""
    if not years:
        return ""
    if len(years) > 1 and years == tuple(range(years[0], years[-1] + 1)):
        return f"{years[0]}–{years[-1]}"
    return ", ".join(str(year) for year in years)


def layer_sentences(case: Case, language: Language) -> dict[str, str]:
    """Measure -> who pays which layer of its bill; only measures with layers."""
    book = _Book(case, language)
    return {
        measure.id: entry.sentence for measure in case.measures.values() for entry in book.layers(measure)
    }


@dataclass(frozen=True)
class _Book:
    """One method per kind of demand."""

    case: Case
    language: Language

    def said(self, zh: str, en: str) -> str:
        return said(self.language, zh, en)

    def titles(self, ids: tuple[str, ...]) -> str:
        """Titles of groups."""
        return self.said("、", ", ").join(self.case.groups[i].title.said(self.language) for i in ids)

    def where(self, selector: Selector) -> str:
        """A condition in brackets; nothing where everything is let through."""
        if selector.condition is None:
            return ""
        text = say_condition(selector.condition, self.language, Labels(self.case))
        return self.said(f"（{text}）", f" ({text})")

    def targets(self) -> Iterator[Entry]:
        for target in self.case.targets.values():
            years = tuple(sorted({*target.amounts, *target.shares}))
            yield Entry(
                target.id,
                "target",
                target.title.said(self.language),
                target.severity,
                years,
                self._target(target, years),
                target.citation,
            )

    def _target(self, target: Target, years: tuple[int, ...]) -> str:
        what, unit = self._counted(target)
        each = "" if target.each is None else self.said(
            f"每个{word(target.each, self.language)}", f" in each {word(target.each, self.language)}"
        )  # fmt: skip
        compare = word(target.compare, self.language)
        parts = []
        for year in years:
            amount = (
                f"{target.amounts[year]:,}{unit}" if year in target.amounts else percent(target.shares[year])
            )
            parts.append(self.said(f"{year}年{compare} {amount}", f"{compare} {amount} in {year}"))
        kind = self.said("到年底累计", "by the end of the year") if target.cumulative else (
            self.said("当年", "in the year"))  # fmt: skip
        tail = "" if target.price is None else self.said(
            f"；每少 1 个单位计 {yuan(target.price)} 元", f"; {yuan(target.price)} yuan for each unit missed"
        )  # fmt: skip
        if target.apportion is not None:
            by = self._base(target.apportion)
            tail = (
                self.said(f"；总数按{by}比例取整分到各地区", f"; shared out by {by} in whole numbers") + tail
            )
        listed = self.said("，", ", ").join(parts)
        where = self.where(target.where)
        return self.said(
            f"{each}{what}{where}{kind}：{listed}{tail}", f"{what}{each}{where} {kind}: {listed}{tail}"
        )

    def _base(self, apportion: str) -> str:
        """What an amount is shared out by: an attribute's title, or the stock."""
        if apportion == "stock":
            return self.said("存量", "stock")
        return self.case.attributes[apportion].title.said(self.language)

    def _counted(self, target: Target) -> tuple[str, str]:
        """What a target counts, and the unit behind its amounts."""
        if target.kind is TargetKind.EXITS:
            who = self.titles(target.groups) or self.said("全部贫困人口", "all poor people")
            villages = all(
                self.case.groups[g].counts.value == "villages" for g in target.groups or ("",) if g
            )
            unit = (
                self.said(" 村", " villages") if target.groups and villages else self.said(" 人", " persons")
            )
            return self.said(f"{who}退出", f"exits of {who}"), unit
        if target.kind is TargetKind.LISTED and target.standard is not None:
            title = self.case.standards[target.standard].title.said(self.language)
            return self.said(f"按“{title}”退出的地区", f"regions leaving by '{title}'"), self.said(" 个", "")
        need = self.case.needs[target.need or ""]
        title = need.title.said(self.language)
        return self.said(f"满足“{title}”", f"'{title}' met"), f" {unit_word(need.unit, self.language)}"

    def rules(self) -> Iterator[Entry]:
        for rule in self.case.rules.values():
            first, last = rule.years
            sentence = say_rule(
                rule.left,
                rule.compare,
                rule.right,
                rule.for_each,
                rule.where.condition,
                self.language,
                Labels(self.case),
                rule.unless,
            )
            years = tuple(range(first, last + 1))
            yield Entry(
                rule.id, "rule", rule.title.said(self.language), rule.severity, years, sentence, rule.citation
            )

    def standards(self) -> Iterator[Entry]:
        for standard in self.case.standards.values():
            title = standard.title.said(self.language)
            for condition in standard.conditions:
                yield Entry(
                    f"leave.{standard.id}.{condition.id}",
                    "standard",
                    title,
                    Severity.HARD,
                    self.case.years,
                    self._condition(standard, condition),
                    condition.citation,
                )

    def _condition(self, standard: Standard, condition: StandardCondition) -> str:
        where = self.where(standard.where)
        who = self.said(f"地区{where}退出须：", f"A region{where} may leave when ")
        groups = self.titles(condition.groups)
        share = "" if condition.share is None else percent(condition.share)
        of = self.case.attributes.get(condition.of or "")
        base = condition.of or "" if of is None else of.title.said(self.language)
        match condition.kind:
            case ConditionKind.POOR_SHARE:
                text = self.said(
                    f"未退出的{groups}不超过{base}的 {share}",
                    f"those of {groups} still in are at most {share} of {base}",
                )
            case ConditionKind.NEED:
                need = self.case.needs[condition.need or ""].title.said(self.language)
                text = self.said(f"“{need}”满足不少于 {share}", f"at least {share} of '{need}' is met")
            case ConditionKind.GROUP_OUT:
                text = self.said(f"{groups}退出不少于 {share}", f"at least {share} of {groups} are out")
            case ConditionKind.REGIONS_OUT:
                level = "" if condition.level is None else word(condition.level, self.language)
                text = self.said(
                    f"辖区内列入名单的{level}退出不少于 {share}",
                    f"at least {share} of the listed regions of level {level} below it are out",
                )
            case ConditionKind.ATTRIBUTE:
                text = self.said(
                    f"{base}不少于 {self._amount(condition)}", f"{base} is at least {self._amount(condition)}"
                )
        return who + text

    def _amount(self, condition: StandardCondition) -> str:
        amount = condition.amount or Fraction(0)
        spec = self.case.attributes.get(condition.of or "")
        if spec is not None and spec.unit == "money" and amount.denominator == 1:
            return self.said(f"{yuan(int(amount))} 元", f"{yuan(int(amount))} yuan")
        return f"{amount} {'' if spec is None else unit_word(spec.unit, self.language, amount)}".strip()

    def funds(self) -> Iterator[Entry]:
        for fund in self.case.funds.values():
            if fund.spending_floor is not None:
                yield self._entry(f"floor.{fund.id}", "floor", fund, self._floor(fund.spending_floor))

    def _floor(self, floor: Fraction) -> str:
        return self.said(
            f"当年支出不少于到位资金的 {percent(floor)}（结转与结余之和不超过 {percent(1 - floor)}）",
            f"at least {percent(floor)} of what comes in is spent in the year "
            f"(carried and lapsed together at most {percent(1 - floor)})",
        )

    def measures(self) -> Iterator[Entry]:
        for measure in self.case.measures.values():
            for number, share in enumerate(measure.shares, start=1):
                payer = self.where(share.payer).strip("（）() ")
                yield self._entry(
                    f"share.{measure.id}.{number}",
                    "share",
                    measure,
                    self.said(
                        f"成本的 {percent(share.share)} 由{payer}承担",
                        f"{percent(share.share)} of the cost is paid by: {payer}",
                    ),
                )
            yield from self.layers(measure)
            if measure.match is not None:
                by, of = (self.where(s).strip("（）() ") for s in (measure.match.by, measure.match.of))
                ratio = measure.match.ratio
                yield self._entry(
                    f"match.{measure.id}",
                    "match",
                    measure,
                    self.said(
                        f"{by}的资金等于{of}的 {ratio} 倍",
                        f"money where {by} equals {ratio} times money where {of}",
                    ),
                )
            if measure.recovers is not None:
                back = measure.recovers
                into = self.case.funds[back.into].title.said(self.language)
                yield self._entry(
                    f"recovers.{measure.id}",
                    "recovers",
                    measure,
                    self.said(
                        f"{back.after} 年后收回成本的 {percent(back.share)}，转入{into}",
                        f"{percent(back.share)} of the cost comes back to {into} after {back.after} years",
                    ),
                )
            if measure.one_payer:
                one = self.said("同一地区同一年只由一项资金支付", "one fund alone pays in a region and year")
                yield self._entry(f"one_payer.{measure.id}", "one_payer", measure, one)

    def layers(self, measure: Measure) -> Iterator[Entry]:
        """Who pays what of a bill, told by the bill of the whole case, or the first one there is."""
        if not measure.layers:
            return
        bills = {key: fen for key, fen in self.case.tables.costs.items() if key[0] == measure.id}
        bill = bills.get((measure.id, None, None), next(iter(bills.values()), 0))
        amounts = layer_amounts(measure.layers, bill)
        parts = []
        for layer, fen in zip(measure.layers, amounts, strict=True):
            title = layer.title.said(self.language)
            outside = self.said("（案例之外）", " (outside the case)") if layer.payer is None else ""
            parts.append(
                self.said(
                    f"{title}{outside}付 {spelled(fen)} 元（{self._terms(layer)}）",
                    f"{spelled(fen)} yuan by {title}{outside} ({self._terms(layer)})",
                )
            )
        rest = bill - sum(amounts)
        parts.append(
            self.said(f"其余 {spelled(rest)} 元由个人承担", f"{spelled(rest)} yuan are left to the person")
        )
        several = len(set(bills.values())) > 1
        more = self.said(
            "；账单因地区或年份不同，这里说其中一种", "; bills differ by region or year, this is one"
        )
        said = self.said("；", "; ").join(parts) + (more if several else "")
        sentence = self.said(
            f"{spelled(bill)} 元账单逐层支付：{said}", f"of a bill of {spelled(bill)} yuan: {said}"
        )
        first = next(layer.id for layer in measure.layers if layer.payer is not None)
        yield self._entry(f"layer.{measure.id}.{first}", "layer", measure, sentence)

    def _terms(self, layer: Layer) -> str:
        """The terms of a layer: `75% above 1,000.00, at most 5,000.00`."""
        said = percent(layer.rate)
        if layer.deductible:
            above = spelled(layer.deductible)
            said = self.said(f"{above} 元以上部分的 {said}", f"{said} of what is left above {above}")
        else:
            said = self.said(f"余额的 {said}", f"{said} of what is left")
        if layer.cap is not None:
            said += self.said(f"，封顶 {spelled(layer.cap)} 元", f", at most {spelled(layer.cap)}")
        return said

    def needs(self) -> Iterator[Entry]:
        for need in self.case.needs.values():
            due = self._due(need)
            if due:
                parts = self.said("，", ", ").join(
                    self.said(f"{year}年不少于 {percent(rate)}", f"at least {percent(rate)} in {year}")
                    for year, rate in due.items()
                )
                sentence = self.said(f"每个地区满足：{parts}", f"met in every region: {parts}")
                yield self._entry(f"due.{need.id}", "due", need, sentence, tuple(due))

    def _due(self, need: Need) -> dict[int, Fraction]:
        if need.kind is NeedKind.ENTITLEMENT and not need.due:
            return {year: Fraction(1) for year in self.case.years}
        return dict(sorted(need.due.items()))

    def exclusions(self) -> Iterator[Entry]:
        for item in self.case.exclusions.values():
            names = self.said("、", ", ").join(
                self.case.measures[measure].title.said(self.language) for measure in item.measures
            )
            sentence = self.said(f"只能享受其中一项：{names}", f"only one of these for each: {names}")
            title = item.title.said(self.language)
            yield Entry(
                f"exclusive.{item.id}",
                "exclusion",
                title,
                Severity.HARD,
                self.case.years,
                sentence,
                item.citation,
            )

    def checklist(self) -> Iterator[Entry]:
        for item in self.case.checklist.values():
            title = item.title.said(self.language)
            sentence = self.said("无法量化，须人工核对", "not a matter of numbers: for a person to check")
            yield Entry(item.id, "checklist", title, None, (), sentence, item.citation)

    def _entry(
        self,
        id: str,
        kind: str,
        about: Fund | Measure | Need,
        sentence: str,
        years: tuple[int, ...] | None = None,
    ) -> Entry:
        title = about.title.said(self.language)
        span = self.case.years if years is None else years
        return Entry(id, kind, title, Severity.HARD, span, sentence, about.citation)


def percent(rate: Fraction) -> str:
    """`40%`, or the fraction where that has more than two decimals."""
    scaled = rate * 10_000
    if scaled.denominator != 1:
        return f"{rate.numerator}/{rate.denominator}"
    whole, rest = divmod(int(scaled), 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"
