"""The code and data that contexts share: schemas of events, and constructs for templates.

No function carries any of it, because code that all functions share would couple the contexts at run time.
"""
