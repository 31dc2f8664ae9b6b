"""The checks of `optimizer.study.check`, a module for each kind of question asked of the data."""
