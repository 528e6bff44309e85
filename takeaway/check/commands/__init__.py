"""The commands for people who change the system: doctor, contracts, workflow, new-context and prove."""
