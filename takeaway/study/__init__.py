"""What a person needs who learns from the system: the wirings compared, what they cost, the generated pages."""
