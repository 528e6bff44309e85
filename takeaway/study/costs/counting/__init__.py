"""Orders walked through the whole system in memory, to count what AWS would bill.

The templates say which function is behind what; the real functions run with their real adapters; a botocore client
reaches an account in memory (moto's tables, and answers that say yes), and every request is metered on its way.
"""
