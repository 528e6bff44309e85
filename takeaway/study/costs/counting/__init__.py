"""Walk orders through the whole system in memory, to count what AWS would bill.

The templates say which function is behind each queue and path. The real functions run with their real adapters. Their
botocore clients reach an account in memory (moto's tables, and fixed answers), and every request is counted.
"""
