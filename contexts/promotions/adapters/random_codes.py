"""Voucher codes, made with the operating system's source of randomness so that nobody can predict one."""

import secrets

# Every group of characters that look alike is left out whole (0 O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V), so a code can't
# be misread. A and E are left out as well, so that no code is a word.
ALPHABET = "3479CDFHJKMNPRTWXY"
# 18^12 codes are 50 bits: with a million valid vouchers, a thousand guesses a second hit one in 13 days on average.
GROUPS, LETTERS = 3, 4


class RandomCodes:
    """Implements the port Codes with codes such as "K7CF-39XM-HTRP"."""

    def new(self) -> str:
        return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))
