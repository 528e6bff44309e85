"""The parts of the documentation that are generated, so that they cannot drift from what they describe."""
