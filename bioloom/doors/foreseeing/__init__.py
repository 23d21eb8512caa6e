"""What is asked of a city that has not happened: storms, coming months, proposed facilities."""
