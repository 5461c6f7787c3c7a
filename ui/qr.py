"""The modules of a QR code, for screen and paper alike."""

import qrcode

QUIET_ZONE = 4


def modules_of(content: str) -> list[list[bool]]:
    """Return rows of modules, True for black, with the quiet zone of four around; error correction M."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(content)
    code.make(fit=True)
    return [[bool(dark) for dark in row] for row in code.get_matrix()]
