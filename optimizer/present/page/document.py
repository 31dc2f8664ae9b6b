"""The frame of a page: templates, style and the one line of script put together in one file.

A main part per language comes in as a context for its template; one text of HTML comes out. Which language is
seen is decided by two radio buttons and the style sheet alone, so no script is needed. The content security
policy in the head lets nothing be fetched, and no script run but the one that unfolds tables for printing.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from models.citation import Language, Text
from optimizer.present.words import said, word

#: Unfolds the tables on paper where the browser's style sheet cannot, and folds them again.
_SCRIPT = (
    "addEventListener('beforeprint',function(){document.querySelectorAll('details:not([open])').forEach("
    "function(d){d.open=true;d.dataset.folded=''})});"
    "addEventListener('afterprint',function(){document.querySelectorAll('details[data-folded]').forEach("
    "function(d){d.open=false;delete d.dataset.folded})})"
)


def document(
    template: str, title: Text, first: Language, context: Callable[[Language], Mapping[str, object]]
) -> str:
    """The whole file: `template` once per language, with what `context` gives for it; `first` is open."""
    environment = _environment()
    order = (first, *(language for language in Language if language is not first))
    mains = [
        (language.value, Markup(_main(environment, template, language, context(language))))
        for language in order
    ]
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    return environment.get_template("document.html.jinja").render(
        title=title.said(first),
        first=first.value,
        mains=mains,
        style=Markup(_style()),
        script=Markup(_SCRIPT),
        script_hash=f"sha256-{digest}",
    )


def _main(environment: Environment, template: str, language: Language, context: Mapping[str, object]) -> str:
    return environment.get_template(template).render(
        **context,
        say=partial(said, language),
        word=lambda key: word(key, language),
        language=language,
        lang=language.value,
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("optimizer.present.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def _style() -> str:
    folder = files("optimizer.present.page").joinpath("templates")
    return folder.joinpath("style.css").read_text(encoding="utf-8")
