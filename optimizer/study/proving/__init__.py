"""Looking for proofs: a solver gives hints, `optimizer.proof` says in whole numbers what they are worth."""
