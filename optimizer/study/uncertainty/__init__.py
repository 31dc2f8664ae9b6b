"""What may turn out otherwise: how a plan fares when it does, and plans that stand it."""
