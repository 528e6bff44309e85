"""Reads synthesized templates, for whoever asks something of them: rules, pages, costs, the comparison.

`assembly` finds them, `stack` answers questions about one, `resolved` has all resources with plain names.
"""
