"""The rule grammar: text -> frozen expression tree -> questions asked of the tree.

A rule is data. `tree` holds the node types, `parse` makes a tree from text, `questions` answers
"is it linear?" and "do the units agree?", `wording` says it in Chinese or English. Turning a rule
into LP rows and evaluating it exactly are done elsewhere, twice and independently
(`optimizer.program` and `optimizer.audit`): they share this tree and no code.
"""
