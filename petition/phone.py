"""Telephone numbers as people give them: mainland mobile and fixed lines."""

import re
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

REGION = "CN"
MOBILE_DIGITS = 11
MOST_TYPED = 100
"""Characters of which more is no telephone number: what comes after is not looked at."""
_EXTENSION = re.compile(
    r"([^转轉分内;,x#]*[0-9][^转轉分内;,x#]*?) ?(?:转分机|轉分機|分机号?|内线|转|轉|;ext=|ext(?:ension)?[.:]?|[x#;,]) ?[0-9]{1,8}",
    re.IGNORECASE,
)
_LINE_AND_EXTENSION = re.compile(r"(\(?0[1-9][0-9]{1,2}\)?[\s-]*[0-9]{3,4}[\s-]?[0-9]{4}|1[0-9]{10})\s*-+\s*[0-9]{1,6}")
"""010-66554321-8012: what comes after one more dash is an extension."""
_SIGNS = re.compile(r"[0-9+\s\-()（）./·]*")
_LOCAL = re.compile("[2-8][0-9]{6,7}")
_SERVICE = re.compile("[48]00[0-9]{7}")
_SHORT = re.compile("1[0-2][0-9]{1,4}|9[56][0-9]{3,6}")
_FOREIGN = re.compile(r"\+(?!86)|00(?!86)[1-9]")


class PhoneFinding(StrEnum):
    """What is found of a telephone number."""

    FINE = "fine"
    EXTENSION = "extension"
    """The line is good; what an office would have to dial on is left out, and that is said."""
    EMPTY = "empty"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_AREA_CODE = "no_area_code"
    """Seven or eight digits: a line of this town, which nobody reaches from another."""
    SERVICE = "service"
    """400 and 800: a company's."""
    SHORT_CODE = "short_code"
    """110, 12345, 95588 and the like: nobody's own."""
    FOREIGN = "foreign"
    NO_NUMBER = "no_number"
    """There are signs that no number has."""
    NO_SUCH_NUMBER = "no_such_number"
    """As long as a number, but there are none that begin so."""

    @property
    def usable(self) -> bool:
        """Whether there is somebody to be called: `phone_number` returns what to dial."""
        return self in {PhoneFinding.FINE, PhoneFinding.EXTENSION}


def phone_number(digits: str) -> str | None:
    """Return the E.164 form of a mobile or fixed line a resident keyed, or None when it can't be one.

    An extension is left out: people call, no exchange does.
    """
    import phonenumbers  # noqa: PLC0415 (its tables are large; the welcome screen must not wait for them)

    number = _line(_without_extension(digits)[0])
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number is not None else None


def check_phone(typed: str) -> PhoneFinding:
    """Tell what is right or wrong with a telephone number, however it was given."""
    given, extended = _without_extension(typed)
    if _line(given) is not None:
        return PhoneFinding.EXTENSION if extended else PhoneFinding.FINE
    if not re.search(r"\w|\+", given):
        return PhoneFinding.EMPTY
    if not _SIGNS.fullmatch(given):
        return PhoneFinding.NO_NUMBER
    signs = re.sub(r"[^0-9+]", "", given)
    if _FOREIGN.match(signs):
        return PhoneFinding.FOREIGN
    digits = _national(given)
    for finding, pattern in (
        (PhoneFinding.SERVICE, _SERVICE),
        (PhoneFinding.SHORT_CODE, _SHORT),
        (PhoneFinding.NO_AREA_CODE, _LOCAL),
    ):
        if pattern.fullmatch(digits):
            return finding
    missing = _missing(digits)
    if not missing:
        return PhoneFinding.NO_SUCH_NUMBER
    return PhoneFinding.TOO_SHORT if missing > 0 else PhoneFinding.TOO_LONG


def missing_digits(typed: str) -> int:
    """Return how many digits a number lacks; below 0: so many it has too many."""
    return _missing(_national(_without_extension(typed)[0]))


def _missing(digits: str) -> int:
    """A mobile has eleven digits, and so has a line of 010 and 02…; with a longer area code it may have twelve."""
    return MOBILE_DIGITS + (digits[:1] == "0" and digits[1:2] > "2") - len(digits)


def _without_extension(typed: str) -> tuple[str, bool]:
    """Return a number in plain digits without its extension, and whether it had one."""
    plain = " ".join(unicodedata.normalize("NFKC", typed[:MOST_TYPED]).split())
    if found := _LINE_AND_EXTENSION.fullmatch(plain) or _EXTENSION.fullmatch(plain):
        return found[1], True
    return plain, False


def _national(given: str) -> str:
    """Return the digits without the country's. A line of a town may begin with 86, too."""
    digits = re.sub(r"[^0-9]", "", given)
    if digits.startswith("0086"):
        return digits.removeprefix("0086")
    return digits.removeprefix("86") if len(digits) > MOBILE_DIGITS or given.startswith("+") else digits


def _line(given: str) -> "PhoneNumber | None":
    """Return the mobile or fixed line of the mainland that this is."""
    import phonenumbers  # noqa: PLC0415 (as above)

    try:
        number = phonenumbers.parse(given, REGION)
    except phonenumbers.NumberParseException:
        return None
    usable = {
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    }
    if not phonenumbers.is_valid_number_for_region(number, REGION) or phonenumbers.number_type(number) not in usable:
        return None
    return number
