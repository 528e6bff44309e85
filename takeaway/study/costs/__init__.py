"""What the system costs on AWS and what it asks of it: units that are counted, times prices that have a date."""
