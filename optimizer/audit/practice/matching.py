"""Matching money: is it there, and is it there only once?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models.catalogue import Check
from models.citation import Language, Text
from models.policy import Measure, Selector
from models.rules.tree import Comparison
from models.submission import Line
from optimizer.audit.matching import bound_to
from optimizer.audit.practice.books import Books, Fine, Found, Hit, Key, Open, plain_name
from optimizer.audit.practice.scope import no_details
from optimizer.audit.statement import not_applicable


def _matched(books: Books) -> list[Measure]:
    return [measure for measure in books.case.measures.values() if measure.match is not None]


def missing(books: Books, check: Check) -> Iterator[Found]:
    """`matching_missing`: money of `by` >= ratio x money of `of`, by measure, place and year."""
    if not _matched(books):
        yield _no_matching(books)
    for measure in _matched(books):
        match = measure.match
        if match is None:
            continue
        by, of = _payers(books, measure, match.by), _payers(books, measure, match.of)
        for (region, name, year), lines in books.ledger.paid.items():
            if name != measure.id:
                continue
            keys: list[Key] = [(region, name, fund, year) for fund, _ in lines]
            paid = sum(fen for fund, fen in lines if region in by[fund])
            due = match.ratio * sum(fen for fund, fen in lines if region in of[fund])
            yield Hit(
                region=region,
                year=year,
                left=paid,
                right=due,
                about=Text(
                    zh=f"{measure.title.zh} 配套资金",
                    en=f"matching money of {measure.title.said(Language.EN)}",
                ),
                left_name=Text(zh="实际配套", en="matched"),
                right_name=Text(zh="应配套", en="due"),
                compare=Comparison.AT_LEAST,
                evidence=books.cells(keys),
                citation=measure.citation,
                explains=(f"match.{measure.id}", f"cost.{measure.id}"),
            )


def _no_matching(books: Books) -> Open:
    return Open(
        books.root,
        None,
        not_applicable("案例没有规定配套的措施", "no measure of the case demands matching money"),
    )


def _payers(books: Books, measure: Measure, selector: Selector) -> Mapping[str, frozenset[str]]:
    """Fund -> the regions where it counts on this side of the matching."""
    matcher = books.ledger.places.matcher
    return {
        fund: matcher.regions(selector.condition, bound_to(measure=measure.id, fund=fund))
        for fund in books.case.funds
    }


def twice(books: Books, check: Check) -> Iterator[Found]:
    """`matching_twice`: one sum of matching money stands under one measure only."""
    if not _matched(books):
        yield _no_matching(books)
        return
    if not any(line.document or line.project for line in books.lines):
        yield Open(books.root, None, no_details("文号或项目名称", "documents or names of projects"))
        return
    for lines in _same_money(books).values():
        if len({line.measure for line in lines}) == 1:
            yield Fine(1)
            continue
        first = lines[0]
        fund = books.case.funds[first.fund or ""]
        sign = first.document or first.project
        measure = books.case.measures[first.measure or ""]
        yield Hit(
            region=first.region or books.root,
            year=first.year,
            left=sum(line.amount for line in lines),
            right=first.amount,
            about=Text(
                zh=f"{fund.title.zh}（{sign}）同时作为 {len(lines)} 项配套",
                en=f"{fund.title.said(Language.EN)} ({sign}) as matching money of {len(lines)} measures",
            ),
            left_name=Text(zh="共计配套", en="counted"),
            right_name=Text(zh="实有", en="there is"),
            evidence=tuple(line.spot for line in lines),
            citation=measure.citation,
        )


def counted_twice(books: Books) -> frozenset[int]:
    """Which of `books.lines` (by index) `twice` speaks of, so that no other check does."""
    place = {id(line): index for index, line in enumerate(books.lines)}
    return frozenset(
        place[id(line)]
        for lines in _same_money(books).values()
        if len({line.measure for line in lines}) > 1
        for line in lines
    )


def _same_money(books: Books) -> Mapping[object, list[Line]]:
    """Matching money by place, year, fund, amount and document (without one: project)."""
    sides = {
        measure.id: _payers(books, measure, measure.match.by) for measure in _matched(books) if measure.match
    }
    found: dict[object, list[Line]] = {}
    for line in books.lines:
        sign = plain_name(line.document) or plain_name(line.project)
        if not (sign and line.amount > 0 and line.region and line.fund and line.measure in sides):
            continue
        if line.region in sides[line.measure][line.fund]:
            found.setdefault((line.region, line.year, line.fund, line.amount, sign), []).append(line)
    return found
