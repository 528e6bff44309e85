"""Voucher codes from the operating system's randomness."""

import secrets

# Without 0 O, 1 I L and U V: what looks or sounds alike on paper and on the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
GROUPS, LETTERS = (
    3,
    4,
)  # 29^12, 58 bits: a million guesses a second against a million vouchers take days for a first hit


class RandomCodes:
    """Implements the port Codes: "K7QF-29XM-HTRB"."""

    def new(self) -> str:
        return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))
