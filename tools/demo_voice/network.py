"""A time-delay neural network in numpy: six layers that look ever further to both sides, then a score for every phone.

An answer every 30 ms, from what sounds a quarter of a second before it to a quarter after: less does not tell somebody
who speaks from those who speak behind them. Each layer is affine, then cut off at zero, then normalised over the batch.
Gradients are written out by hand; `tests/tooling/test_demo_voice.py` holds them against differences.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

LAYERS = 6
STRIDE = 3
"""Frames from one answer to the next; the layers from the third on are made only so often."""
OFFSETS = ((-1, 0, 1), (-1, 0, 1), (-3, 0, 3), (-3, 0, 3), (-6, 0, 6), (-9, 0, 9), (0,))
"""What each layer sees, in frames (10 ms), as Kaldi is told; the last is the answer's."""
EDGE_FRAMES = sum(map(max, OFFSETS))
"""Frames needed before the first and after the last frame that is answered for."""
EPSILON = 1e-5
MOMENTUM = 0.05


@dataclass(slots=True, kw_only=True)
class Network:
    """The weights, and how the batches were normalised on average. Arrays change in place while it learns."""

    weights: dict[str, Floats]
    """"w0" … "w6" (in × out), "b0" … "b6", and "scale0" …, "shift0" … of the six normalisations."""
    means: list[Floats]
    variances: list[Floats]


@dataclass(slots=True, kw_only=True)
class _Pass:
    """What the way back needs of the way forth."""

    inputs: list[Floats] = field(default_factory=list)
    shapes: list[tuple[int, int, int]] = field(default_factory=list)
    cut: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    normalised: list[Floats] = field(default_factory=list)
    deviations: list[Floats] = field(default_factory=list)


def new_network(inputs: int, width: int, outputs: int, rng: np.random.Generator) -> Network:
    """Return a network that knows nothing yet."""
    weights: dict[str, Floats] = {}
    seen = inputs
    for layer in range(LAYERS + 1):
        fan_in = seen * len(OFFSETS[layer])
        made = width if layer < LAYERS else outputs
        weights[f"w{layer}"] = (rng.standard_normal((fan_in, made)) * np.sqrt(2.0 / fan_in)).astype(np.float32)
        weights[f"b{layer}"] = np.zeros(made, np.float32)
        if layer < LAYERS:
            weights[f"scale{layer}"] = np.ones(made, np.float32)
            weights[f"shift{layer}"] = np.zeros(made, np.float32)
        seen = made
    return Network(
        weights=weights,
        means=[np.zeros(width, np.float32) for _ in range(LAYERS)],
        variances=[np.ones(width, np.float32) for _ in range(LAYERS)],
    )


def learn(network: Network, batch: Floats, answers: npt.NDArray[np.int64]) -> tuple[float, float, dict[str, Floats]]:
    """Return the mean cross-entropy, the share of right answers, and the gradient of every weight.

    `batch` is (utterances, frames, inputs), with EDGE_FRAMES more at both ends than the answers cover; `answers` is
    (utterances, frames / 3), -1 where there is none.
    """
    passed = _Pass()
    scores = _forth(network, batch, passed)
    scores -= scores.max(axis=1, keepdims=True)
    chances = np.exp(scores)
    chances /= chances.sum(axis=1, keepdims=True)
    wanted = answers.reshape(-1)
    rows = np.flatnonzero(wanted >= 0)
    right = chances[rows, wanted[rows]]
    loss = float(-np.log(np.maximum(right, 1e-12)).mean())
    accuracy = float((chances[rows].argmax(axis=1) == wanted[rows]).mean())
    slope = np.zeros_like(chances)
    slope[rows] = chances[rows]
    slope[rows, wanted[rows]] -= 1.0
    slope /= np.float32(len(rows))
    return loss, accuracy, _back(network, passed, slope)


def _forth(network: Network, batch: Floats, passed: _Pass) -> Floats:
    """Return the scores, (utterances × answers, outputs)."""
    weights, heard = network.weights, batch
    for layer in range(LAYERS):
        seen = _spliced(heard, layer)
        rows = seen.reshape(-1, seen.shape[2])
        affine = rows @ weights[f"w{layer}"] + weights[f"b{layer}"]
        cut = affine > 0
        affine *= cut
        mean, variance = affine.mean(axis=0), affine.var(axis=0)
        network.means[layer] += MOMENTUM * (mean - network.means[layer])
        network.variances[layer] += MOMENTUM * (variance - network.variances[layer])
        deviation = 1.0 / np.sqrt(variance + np.float32(EPSILON))
        normalised = (affine - mean) * deviation
        passed.inputs.append(rows)
        passed.shapes.append((heard.shape[0], heard.shape[1], heard.shape[2]))
        passed.cut.append(cut)
        passed.normalised.append(normalised)
        passed.deviations.append(deviation)
        made = normalised * weights[f"scale{layer}"] + weights[f"shift{layer}"]
        heard = made.reshape(seen.shape[0], seen.shape[1], -1)
    last = heard.reshape(-1, heard.shape[2])
    passed.inputs.append(last)
    return np.asarray(last @ weights[f"w{LAYERS}"] + weights[f"b{LAYERS}"])


def _back(network: Network, passed: _Pass, slope: Floats) -> dict[str, Floats]:
    weights = network.weights
    found = {f"w{LAYERS}": passed.inputs[LAYERS].T @ slope, f"b{LAYERS}": slope.sum(axis=0)}
    slope = slope @ weights[f"w{LAYERS}"].T
    for layer in reversed(range(LAYERS)):
        normalised = passed.normalised[layer]
        found[f"scale{layer}"] = (slope * normalised).sum(axis=0)
        found[f"shift{layer}"] = slope.sum(axis=0)
        # The mean and the variance of a batch depend on every row of it.
        count = np.float32(len(slope))
        slope = slope - found[f"shift{layer}"] / count - normalised * (found[f"scale{layer}"] / count)
        slope *= weights[f"scale{layer}"] * passed.deviations[layer]
        slope *= passed.cut[layer]
        found[f"w{layer}"] = passed.inputs[layer].T @ slope
        found[f"b{layer}"] = slope.sum(axis=0)
        if layer:
            seen = slope @ weights[f"w{layer}"].T
            slope = _unspliced(seen, passed.shapes[layer], layer)
    return found


def _spliced(heard: Floats, layer: int) -> Floats:
    """Lay every row beside the two that the layer sees with it: (utterances, rows, 3 × inputs)."""
    return np.concatenate([heard[:, rows] for rows in _seen(heard.shape[1], layer)], axis=2)


def _unspliced(seen: Floats, shape: tuple[int, int, int], layer: int) -> Floats:
    """Bring the slopes of the pieces back to the rows they came from; utterance after utterance."""
    width = shape[2]
    pieces = seen.reshape(shape[0], -1, 3 * width)
    slopes = np.zeros(shape, seen.dtype)
    for place, rows in enumerate(_seen(shape[1], layer)):
        slopes[:, rows] += pieces[:, :, place * width : (place + 1) * width]
    return slopes.reshape(-1, width)


def _seen(count: int, layer: int) -> list[slice]:
    """Return which of so many rows stand at the left, in the middle and at the right of what a layer makes."""
    stride = STRIDE if layer == 1 else 1
    reach = max(OFFSETS[layer]) // (1 if layer <= 1 else STRIDE)
    made = -(-(count - 2 * reach) // stride)
    return [slice(start, start + (made - 1) * stride + 1, stride) for start in (0, reach, 2 * reach)]


class Adam:
    """Adam with decoupled weight decay, one step at a time."""

    def __init__(self, network: Network, decay: float = 1e-3) -> None:
        self._network, self._decay = network, decay
        self._first = {name: np.zeros_like(weight) for name, weight in network.weights.items()}
        self._second = {name: np.zeros_like(weight) for name, weight in network.weights.items()}
        self._steps = 0

    def step(self, gradients: dict[str, Floats], rate: float) -> None:
        """Move every weight a little down its gradient."""
        self._steps += 1
        for name, gradient in gradients.items():
            first, second = self._first[name], self._second[name]
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient * gradient - second)
            size = first / (1 - 0.9**self._steps)
            size /= np.sqrt(second / (1 - 0.999**self._steps)) + 1e-8
            weight = self._network.weights[name]
            weight *= np.float32(1 - rate * self._decay)
            weight -= np.float32(rate) * size


def affine_layers(network: Network, mean: Floats, deviation: Floats) -> list[tuple[Floats, Floats]]:
    """Return (weights, bias) of the seven layers, weights as out × in.

    What normalises the input (`mean`, `deviation`) and what normalises each layer is worked into the layer after it, so
    that a reader without normalisation gets the same answers.
    """
    scale, shift = 1.0 / deviation.astype(np.float64), -mean.astype(np.float64) / deviation
    layers = []
    for layer in range(LAYERS + 1):
        weights = network.weights[f"w{layer}"].astype(np.float64)
        times = len(OFFSETS[layer])
        bias = network.weights[f"b{layer}"] + np.tile(shift, times) @ weights
        layers.append(((weights * np.tile(scale, times)[:, None]).T.astype(np.float32), bias.astype(np.float32)))
        if layer < LAYERS:
            root = np.sqrt(network.variances[layer].astype(np.float64) + EPSILON)
            scale = network.weights[f"scale{layer}"] / root
            shift = network.weights[f"shift{layer}"] - network.means[layer] * scale
    return layers
