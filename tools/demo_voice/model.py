"""Writes a Vosk model directory, with nothing of Kaldi or OpenFst installed.

| file | what it is |
|---|---|
| am/final.mdl | the transition model (each phone: one frame to begin, as many as it takes to stay), the nnet3 network |
| graph/HCLr.fst | from transition ids to words: the lexicon, with silence between words |
| graph/Gr.fst | which word follows which: a bigram of the vocabulary's phrases and sentences |
| graph/words.txt, graph/phones/word_boundary.int | the numbers of words, and where in a word a phone stands |
| conf/mfcc.conf, conf/model.conf | the features, and how the decoder searches |

[unk] is one phone of noise, or any phones in a row at a price each: a phrase is heard only where its own phones explain
the sound nearly as well as the best of all phones would.
"""

import math
import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tools.demo_voice.features import CEPSTRA, HIGHEST_HERTZ, LOWEST_HERTZ, MELS
from tools.demo_voice.network import EDGE_FRAMES, LAYERS, OFFSETS, STRIDE, Floats
from tools.demo_voice.sound import RATE
from tools.demo_voice.training import Trained
from voice.grammar import UNKNOWN

Lexicon = Mapping[str, Sequence[Sequence[str]]]

POSITIONS = {"_B": "begin", "_E": "end", "_I": "internal", "_S": "singleton"}
SILENCE, NOISE = "SIL", "SPN_S"
STAY = math.log(2)
"""The price of either way out of a phone's state: to stay, or to go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """What was found by trying, on voices that never taught."""

    acoustic_scale: float = 0.2
    beam: float = 13.0
    lattice_beam: float = 1.0
    """Small: what is second best is not asked for, and [unk] has very many ways to be second best."""
    unknown_price: float = -2.0
    """Of [unk] as a word, in natural logarithms, as are the others; it is given something, for short talk is much like
    short commands."""
    unknown_phone_price: float = 2.2
    """Of every phone of [unk] when it is made of phones."""
    noise_bonus: float = 0.2
    """How much likelier noise is made than it was learnt to be."""
    discount: float = 0.4
    """Of the bigram: what is left for words that never followed."""


def write_model(
    folder: Path,
    lexicon: Lexicon,
    names: Sequence[str],
    trained: Trained,
    texts: Iterable[Sequence[str]],
    tuning: Tuning,
) -> None:
    """Write the model. `names`: the phones, SIL and SPN first; `texts`: what is said, as words."""
    for part in ("am", "conf", "graph/phones"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    phones = _phones(names)
    number = {phone: place for place, (phone, _) in enumerate(phones, start=1)}
    words = {word: place for place, word in enumerate((UNKNOWN, *sorted(lexicon)), start=1)}
    priors = trained.priors.copy()
    priors[2:4] *= math.exp(-tuning.noise_bonus)
    (folder / "am/final.mdl").write_bytes(_acoustic_model(phones, trained.layers, priors))
    (folder / "graph/HCLr.fst").write_bytes(_lexicon_graph(lexicon, words, number, names, tuning))
    (folder / "graph/Gr.fst").write_bytes(_bigram(words, texts, tuning.discount))
    lines = {
        "graph/words.txt": ["<eps> 0", *(f"{word} {place}" for word, place in words.items()), f"#0 {len(words) + 1}"],
        "graph/phones.txt": ["<eps> 0", *(f"{phone} {place}" for phone, place in number.items())],
        "graph/phones/word_boundary.int": [
            f"{place} {'nonword' if phone == SILENCE else POSITIONS[phone[-2:]]}" for phone, place in number.items()
        ],
        "graph/disambig_tid.int": [str(2 * len(phones) + 2)],
        "conf/mfcc.conf": [
            f"--sample-frequency={RATE}",
            "--use-energy=false",
            f"--num-mel-bins={MELS}",
            f"--num-ceps={CEPSTRA}",
            f"--low-freq={LOWEST_HERTZ:g}",
            f"--high-freq={HIGHEST_HERTZ:g}",
            "--dither=1.0",
        ],
        "conf/model.conf": [
            "--min-active=200",
            "--max-active=3000",
            f"--beam={tuning.beam:g}",
            f"--lattice-beam={tuning.lattice_beam:g}",
            f"--acoustic-scale={tuning.acoustic_scale:g}",
            f"--frame-subsampling-factor={STRIDE}",
            "--endpoint.silence-phones=1",
            "--endpoint.rule2.min-trailing-silence=0.5",
            "--endpoint.rule3.min-trailing-silence=0.75",
            "--endpoint.rule4.min-trailing-silence=1.0",
        ],
    }
    for name, content in lines.items():
        (folder / name).write_text("\n".join(content) + "\n", "utf-8")


def _phones(names: Sequence[str]) -> list[tuple[str, int]]:
    """Return every phone in each place of a word, with the number of the phone it is; ids count from 1."""
    placed = [(name + position, place) for place, name in enumerate(names) if place > 1 for position in POSITIONS]
    return [(SILENCE, 0), (NOISE, 1), *placed]


# --- am/final.mdl -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Writer:
    """Kaldi's binary format, piece by piece."""

    content: bytearray = field(default_factory=lambda: bytearray(b"\0B"))

    def tokens(self, *tokens: str) -> None:
        self.content += "".join(f"{token} " for token in tokens).encode()

    def integers(self, *values: int) -> None:
        for value in values:
            self.content += b"\x04" + struct.pack("<i", value)

    def real(self, value: float) -> None:
        self.content += b"\x04" + struct.pack("<f", value)

    def integer_vector(self, values: Sequence[int]) -> None:
        self.integers(len(values))
        self.content += np.asarray(values, "<i4").tobytes()

    def vector(self, values: npt.ArrayLike) -> None:
        array = np.asarray(values, "<f4")
        self.tokens("FV")
        self.integers(len(array))
        self.content += array.tobytes()

    def matrix(self, values: Floats) -> None:
        self.tokens("FM")
        self.integers(*values.shape)
        self.content += np.ascontiguousarray(values, "<f4").tobytes()


def _acoustic_model(
    phones: Sequence[tuple[str, int]], layers: Sequence[tuple[Floats, Floats]], priors: npt.NDArray[np.float64]
) -> bytes:
    out = _Writer()
    _write_transitions(out, phones)
    out.tokens("<Nnet3>")
    out.content += _network_lines().encode()
    out.tokens("<NumComponents>")
    out.integers(2 * LAYERS + 2)
    for place, (weights, bias) in enumerate(layers):
        out.tokens("<ComponentName>", f"layer{place}.affine", "<FixedAffineComponent>", "<LinearParams>")
        out.matrix(weights)
        out.tokens("<BiasParams>")
        out.vector(bias)
        out.tokens("</FixedAffineComponent>")
        last = place == LAYERS
        kind = "LogSoftmaxComponent" if last else "RectifiedLinearComponent"
        out.tokens("<ComponentName>", "chances" if last else f"layer{place}.cut", f"<{kind}>", "<Dim>")
        out.integers(len(bias))
        for statistic in ("<ValueAvg>", "<DerivAvg>"):
            out.tokens(statistic)
            out.vector([])
        out.tokens("<Count>")
        out.real(0.0)
        out.tokens(f"</{kind}>")
    out.tokens("</Nnet3>", "<LeftContext>")
    out.integers(EDGE_FRAMES)
    out.tokens("<RightContext>")
    out.integers(EDGE_FRAMES)
    out.tokens("<Priors>")
    out.vector(priors)
    return bytes(out.content)


def _write_transitions(out: _Writer, phones: Sequence[tuple[str, int]]) -> None:
    count = len(phones)
    out.tokens("<TransitionModel>", "<Topology>")
    out.integer_vector(range(1, count + 1))
    out.integer_vector([-1] + [0] * count)
    # -1: a state names two pdf classes, one to enter by and one to stay with; one entry of two states, the last final.
    out.integers(-1, 1, 2, 0, 1, 2, 0)
    out.real(0.5)
    out.integers(1)
    out.real(0.5)
    out.integers(-1, -1, 0)
    out.tokens("</Topology>", "<Tuples>")
    out.integers(count)
    for place, (_, base) in enumerate(phones, start=1):
        out.integers(place, 0, 2 * base, 2 * base + 1)
    out.tokens("</Tuples>", "<LogProbs>")
    out.vector([0.0] + [math.log(0.5)] * (2 * count))
    out.tokens("</LogProbs>", "</TransitionModel>")


def _network_lines() -> str:
    lines, before = [f"input-node name=input dim={CEPSTRA}"], "input"
    for place, offsets in enumerate(OFFSETS):
        seen = ", ".join(f"Offset({before}, {offset})" if offset else before for offset in offsets)
        seen = f"Append({seen})" if len(offsets) > 1 else seen
        before = f"layer{place}.affine"
        lines.append(f"component-node name={before} component={before} input={seen}")
        if place < LAYERS:
            lines.append(f"component-node name=layer{place}.cut component=layer{place}.cut input={before}")
            before = f"layer{place}.cut"
    lines.append(f"component-node name=chances component=chances input={before}")
    lines.append("output-node name=output input=chances objective=linear")
    return "\n" + "\n".join(lines) + "\n\n"


# --- graph/*.fst ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Graph:
    """An OpenFst vector transducer over the tropical semiring."""

    arcs: list[list[tuple[int, int, float, int]]] = field(default_factory=list)
    final: dict[int, float] = field(default_factory=dict)

    def state(self) -> int:
        self.arcs.append([])
        return len(self.arcs) - 1

    def arc(self, start: int, ends: int, *, into: int = 0, out: int = 0, price: float = 0.0) -> None:
        self.arcs[start].append((into, out, price, ends))

    def content(self, *, sorted_by_output: bool) -> bytes:
        found = bytearray(struct.pack("<i", 2125659606) + _text(b"vector") + _text(b"standard"))
        expanded_and_mutable, start = 0x3, 0
        counts = (len(self.arcs), sum(map(len, self.arcs)))
        found += struct.pack("<iiQqqq", 2, 0, expanded_and_mutable, start, *counts)
        for state, arcs in enumerate(self.arcs):
            found += struct.pack("<fq", self.final.get(state, math.inf), len(arcs))
            for arc in sorted(arcs, key=lambda arc: arc[1 if sorted_by_output else 0]):
                found += struct.pack("<iifi", *arc)
        return bytes(found)


def _text(text: bytes) -> bytes:
    return struct.pack("<i", len(text)) + text


def _lexicon_graph(
    lexicon: Lexicon, words: Mapping[str, int], number: Mapping[str, int], names: Sequence[str], tuning: Tuning
) -> bytes:
    """One chain of phones per reading, the word on its first arc; between words silence, or none, at the same price."""
    graph = _Graph()
    start, between, before_silence, silent = (graph.state() for _ in range(4))
    graph.final[between] = 0.0

    def leave(state: int) -> None:
        graph.arc(state, between, price=STAY)
        graph.arc(state, before_silence, price=STAY)

    def phone(state: int, name: str, *, word: int = 0, price: float = 0.0, stay: float = STAY) -> int:
        reached = graph.state()
        graph.arc(state, reached, into=2 * number[name], out=word, price=STAY + price)
        graph.arc(reached, reached, into=2 * number[name] - 1, price=stay)
        return reached

    leave(start)
    graph.arc(before_silence, silent, into=2 * number[SILENCE], price=STAY)
    graph.arc(silent, silent, into=2 * number[SILENCE] - 1, price=0.05)
    graph.arc(silent, between)
    for word, ways in lexicon.items():
        for way in ways:
            state = between
            for place, name in enumerate(_placed(way)):
                state = phone(state, name, word=words[word] if place == 0 else 0)
            leave(state)
    leave(phone(between, NOISE, word=words[UNKNOWN], price=tuning.unknown_price, stay=0.1))
    # [unk] out of phones: one alone, or one to begin, any number within, one to end.
    within = graph.state()
    for name in names[2:]:
        price = tuning.unknown_phone_price
        leave(phone(between, f"{name}_S", word=words[UNKNOWN], price=tuning.unknown_price + price))
        graph.arc(phone(between, f"{name}_B", word=words[UNKNOWN], price=tuning.unknown_price + price), within)
        graph.arc(phone(within, f"{name}_I", price=price), within)
        leave(phone(within, f"{name}_E", price=price))
    return graph.content(sorted_by_output=True)


def _placed(way: Sequence[str]) -> list[str]:
    if len(way) == 1:
        return [f"{way[0]}_S"]
    return [f"{way[0]}_B", *(f"{name}_I" for name in way[1:-1]), f"{way[-1]}_E"]


def _bigram(words: Mapping[str, int], texts: Iterable[Sequence[str]], discount: float) -> bytes:
    """Return which word follows which, with a way back to single words; the way back has no label, as in vosk's own."""
    single: Counter[str] = Counter()
    pairs: defaultdict[str, Counter[str]] = defaultdict(Counter)
    begin, end = "<s>", "</s>"
    for text in texts:
        before = begin
        for word in (*text, end):
            single[word] += 1
            pairs[before][word] += 1
            before = word
    single.update(words)
    graph = _Graph()
    start, back = graph.state(), graph.state()
    states = {begin: start, **{word: graph.state() for word in words}}
    for before, state in states.items():
        count = sum(pairs[before].values())
        for word, times in pairs[before].items():
            price = -math.log(times * (1 - discount) / count)
            if word == end:
                graph.final[state] = price
            else:
                graph.arc(state, states[word], into=words[word], out=words[word], price=price)
        graph.arc(state, back, price=-math.log(discount) if count else 0.0)
    total = sum(single.values())
    for word, times in single.items():
        price = -math.log(times / total)
        if word == end:
            graph.final[back] = price
        else:
            graph.arc(back, states[word], into=words[word], out=words[word], price=price)
    return graph.content(sorted_by_output=False)
