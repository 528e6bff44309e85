"""Whom an order is for: what the issuer has verified of a person, as far as a mail can be sent to it.

Never from a request's body: with it, anybody could have us write to anybody.
"""

from email_validator import EmailNotValidError, validate_email

from contexts.orders.application import texts
from contexts.orders.domain.identity import Identity
from contexts.orders.domain.order import Customer
from contexts.orders.domain.refusals import NoVerifiedAddress

MAX_NAME = 200
NAMELESS = "Guest"  # who has no name in the token, or none that fits into a line


def customer_of(identity: Identity) -> Customer | NoVerifiedAddress:
    """The customer of a new order. The name is what the person is called by the issuer, and need not be verified."""
    if not identity.email:
        return NoVerifiedAddress("it has none")
    try:
        address = mailable(identity.email)
    except EmailNotValidError as error:
        return NoVerifiedAddress(str(error))
    name = identity.name.strip()
    fits = 0 < len(name) <= MAX_NAME and texts.is_one_line(name) and _can_be_stored(name)
    return Customer(identity.party_id, name if fits else NAMELESS, address)


def mailable(address: str) -> str:
    """An address that SES can write to: it has no SMTPUTF8, and documents Punycode before the @ as refused."""
    found = validate_email(address, allow_smtputf8=False, check_deliverability=False, strict=True)
    if found.local_part.lower().startswith("xn--"):
        raise EmailNotValidError("Punycode is for the part after the @-sign.")
    return found.normalized


def _can_be_stored(text: str) -> bool:
    """Not half of a character, which neither a table nor an event takes."""
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False
