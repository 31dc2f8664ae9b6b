"""The words of fenpei: frozen, closed models and the rule grammar. No files, no arrays, no solver."""
