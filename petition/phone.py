"""Telephone numbers as people key them: mainland mobile and fixed lines."""

REGION = "CN"


def phone_number(digits: str) -> str | None:
    """Return the E.164 form of a mobile or fixed line a resident keyed, or None when it can't be one."""
    import phonenumbers  # noqa: PLC0415 (its tables are large; the welcome screen must not wait for them)

    try:
        number = phonenumbers.parse(digits, REGION)
    except phonenumbers.NumberParseException:
        return None
    usable = {
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    }
    if not phonenumbers.is_valid_number_for_region(number, REGION) or phonenumbers.number_type(number) not in usable:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
