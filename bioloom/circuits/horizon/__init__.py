"""The horizon: plans of weeks ahead, of which the near ones are firm and the rest roll on."""
