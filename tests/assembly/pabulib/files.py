"""A small Pabulib file, written by hand."""

APPROVAL = """META
key;value
description;Budget of Lower Verdiva
country;Verdiva
budget;1000.50
vote_type;approval
rule;equalshares/add1
PROJECTS
project_id;cost;votes;name;category
a;600;2;"Trees; and ""benches\""";green
b;400,5;2;A ramp;access
c;50;1;Chess;play
VOTES
voter_id;vote;age;district
1;a,b;34;North
2;b,a;51;South
3;c;;North
4;;18;South
"""


def with_line(line: int, text: str) -> bytes:
    """The file with another text in a line, counted from 1."""
    lines = APPROVAL.split("\n")
    lines[line - 1] = text
    return "\n".join(lines).encode()
