"""What a deployment does where it goes to: a stage is deployed, lives, is destroyed, and is written about.

`record` is what is kept of it, `lives` what happens there, `stage` brings it and takes it away, `proving` is all of it.
"""
