"""The Post-Consumer Carnival: a made-up city whose communities keep their materials from a company.

Every figure and everybody in it is generated. The same seed gives the same record, byte for byte;
what each place and process stands for is told in `docs/stories/carnival.md`.
"""
