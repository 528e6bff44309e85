"""Prove a deployment: deploy a stage, run orders on it, destroy it, and write down what was seen.

`record` is the evidence, `lives` the steps on the stage, `stage` deploys and destroys it, `proving` runs all of it.
"""
