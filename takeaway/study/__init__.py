"""Study the system: compare its wirings, count their costs, and generate pages of the documentation."""
