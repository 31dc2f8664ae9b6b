"""What is said about each kind of fault: cause, what was expected, remedy, in Chinese and English.

`{...}` are filled in by `problems.Log.add`; `{found}` is what stands in the input. The codes are stable
names. Texts about files and values stand in `messages_input`, texts about what does not fit together in
`messages_case`, about the clause register and statements in `messages_register`, about workbooks in
`messages_sheets`, about tables that others made in `messages_foreign`, about waivers in `messages_practice`,
about rules in `messages_rules`.
"""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.read.message import Message
from optimizer.read.messages_base import BASE
from optimizer.read.messages_case import CASE
from optimizer.read.messages_foreign import FOREIGN
from optimizer.read.messages_input import INPUT
from optimizer.read.messages_practice import PRACTICE
from optimizer.read.messages_register import REGISTER
from optimizer.read.messages_rules import RULES
from optimizer.read.messages_sheets import SHEETS

MESSAGES: Mapping[str, Message] = {
    **INPUT, **BASE, **CASE, **RULES, **REGISTER, **SHEETS, **FOREIGN, **PRACTICE,
}  # fmt: skip

#: What the items of a collection are called.
KIND_WORDS: Mapping[str, tuple[str, str]] = {
    "documents": ("文件依据", "document"),
    "attributes": ("地区属性", "attribute"),
    "regions": ("地区", "region"),
    "groups": ("人群", "group"),
    "needs": ("需求", "need"),
    "measures": ("措施", "measure"),
    "exclusions": ("互斥", "exclusion"),
    "projects": ("项目", "project"),
    "funds": ("资金", "fund"),
    "resources": ("资源", "resource"),
    "standards": ("退出标准", "standard"),
    "conditions": ("退出条件", "condition"),
    "targets": ("目标", "target"),
    "rules": ("规则", "rule"),
    "checklist": ("清单条目", "checklist item"),
    "scenarios": ("情景", "scenario"),
    "uncertain": ("不确定项", "uncertain figure"),
    "statements": ("数字关系", "statement"),
    "clauses": ("条款", "clause"),
    "layers": ("支付层", "layer"),
    "levels": ("词", "word"),
}
