"""Voucher codes from the operating system's randomness."""

import secrets

# No two of these look alike, and none looks like a character that is missing: 0 O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B and U V
# are left out as wholes, so that there is nothing to mistake. A and E are missing as well, and so no code is a word.
ALPHABET = "3479CDFHJKMNPRTWXY"
# 18^12, 50 bits: if a million vouchers were valid, a thousand guesses a second would hit one in 13 days on average.
GROUPS, LETTERS = 3, 4


class RandomCodes:
    """Implements the port Codes: "K7CF-39XM-HTRP"."""

    def new(self) -> str:
        return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))
