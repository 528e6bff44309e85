"""The rules of vouchers, with the standard library only: times and codes come in as arguments."""
