"""Rules that share loads rather than money: there to be compared with equal shares."""
