"""Estimate what the system costs on AWS, and which quotas it needs: counted units, times dated prices."""
