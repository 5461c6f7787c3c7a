"""How alike two sounds are: proof that what was recorded is what was spoken."""

import numpy as np
import numpy.typing as npt


def correlation(spoken: npt.NDArray[np.int16], recorded: npt.NDArray[np.int16]) -> float:
    """Return how well `recorded` contains `spoken`: 1 as it was, 0 not at all (normalised, at the best shift).

    Both are mono at the same rate; a recording that is longer than what was spoken is searched through.
    """
    if len(spoken) == 0 or len(recorded) == 0:
        return 0.0
    said, heard = spoken.astype(np.float64), recorded.astype(np.float64)
    size = 1 << (len(said) + len(heard)).bit_length()
    products = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(said, size)), size)
    shift = int(np.argmax(products))
    shift = shift - size if shift > len(heard) else shift
    window = heard[max(0, shift) : max(0, shift + len(said))]
    strength = float(np.sqrt((said**2).sum() * (window**2).sum()))
    return float(products[shift]) / strength if strength else 0.0
