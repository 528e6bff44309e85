"""What a change of the published language does to those who read it: `takeaway contracts`."""
