"""Why a case has no plan and what would give it one; what the figures of a plan are worth."""
