"""Looking for proofs: a solver's floats give hints, `optimizer.proof` says in whole numbers what they are worth."""
