"""fenpei (分配): reads what counties need, allocates funds to meet it at least cost, audits the result."""
