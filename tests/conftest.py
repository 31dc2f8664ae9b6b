"""Settings that all tests share."""

from hypothesis import settings

# The same examples on every machine and no time limit per example, so that a red test is a fault of
# the code. To look for new examples: python -m pytest --hypothesis-profile=explore
settings.register_profile("steady", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile("steady")
