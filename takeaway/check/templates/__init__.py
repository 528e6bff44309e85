"""Read synthesized templates, for rules, pages, costs and the comparison.

`assembly` reads them from a cloud assembly, `stack` is one of them, `resolved` has all resources with plain names.
"""
