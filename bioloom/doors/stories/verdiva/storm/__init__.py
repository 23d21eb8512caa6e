"""The storm of Verdiva as it is played: people and circuits act in it, and the record tells it."""
