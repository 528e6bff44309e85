"""The customer of a new order, from the claims that the token's issuer has verified.

An address is never taken from the request's body, because then anybody could make this system write to anybody.
"""

from email_validator import EmailNotValidError, validate_email

from contexts.orders.application import texts
from contexts.orders.domain.identity import Identity
from contexts.orders.domain.order import Customer
from contexts.orders.domain.refusals import NoVerifiedAddress

MAX_NAME = 200
NAMELESS = "Guest"  # if the token has no name, or none that fits into a line


def customer_of(identity: Identity) -> Customer | NoVerifiedAddress:
    """Return the customer of a new order, or NoVerifiedAddress if no mail can be sent to the caller.

    The name is the issuer's name for the person; it need not be verified.
    """
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
    """Return the address in normal form. Raises EmailNotValidError if SES can't write to it.

    SES has no SMTPUTF8, and documents that it refuses Punycode before the @.
    """
    found = validate_email(address, allow_smtputf8=False, check_deliverability=False, strict=True)
    if found.local_part.lower().startswith("xn--"):
        raise EmailNotValidError("Punycode is for the part after the @-sign.")
    return found.normalized


def _can_be_stored(text: str) -> bool:
    """Tell whether the text can be encoded: half of a surrogate pair fits neither into a table nor into an event."""
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False
