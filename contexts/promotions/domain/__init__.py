"""Which order earns which voucher. Standard library only: time and codes come in as arguments."""
