"""What is sent to be said, and where its words stand on the screen."""

from hypothesis import given
from hypothesis import strategies as st

from petition.utterance import Span, Utterance
from voice.numbers import with_numbers_said
from voice.reading import LONGEST, sentences

texts = st.text(alphabet="你好说了，。！？；…\n「」 abc.,\"'12", max_size=300)


@st.composite
def utterances(draw: st.DrawFn) -> Utterance:
    text = draw(texts)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    spans = tuple(Span(start=a, length=b - a, spoken=draw(st.text("一二三零，。", min_size=1))) for a, b in pairs)
    return Utterance(text=text, spans=spans)


@given(utterances())
def test_all_that_is_spoken_is_in_a_sentence_in_order_and_none_is_too_long(utterance: Utterance) -> None:
    found = sentences(utterance)
    assert "".join("".join(s.text.split()) for s in found) == "".join(with_numbers_said(utterance).spoken.split())
    assert all(len(s.text) <= LONGEST and s.text.strip() for s in found)


@given(utterances())
def test_every_place_lies_in_the_displayed_text_and_places_never_go_back(utterance: Utterance) -> None:
    places = [place for s in sentences(utterance) for place in s.places]
    assert all(0 <= start <= end <= len(utterance.text) for start, end in places)
    assert places == sorted(places)


@given(utterances())
def test_what_looks_as_it_sounds_is_marked_where_it_stands(utterance: Utterance) -> None:
    spans = [range(span.start, span.start + span.length) for span in with_numbers_said(utterance).spans]
    for sentence in sentences(utterance):
        for at, character in enumerate(sentence.text):
            start, length = sentence.displayed(at, 1)
            if length == 1 and not any(start in span for span in spans):
                assert utterance.text[start] == character


def test_a_number_spoken_in_words_marks_the_whole_number() -> None:
    utterance = Utterance(text="编号 1023 0001。", spans=(Span(start=3, length=9, spoken="幺零二三，零零零幺"),))
    (sentence,) = sentences(utterance)
    assert sentence.text == "编号 幺零二三，零零零幺。"
    assert sentence.displayed(sentence.text.index("二"), 1) == (3, 9)
    assert sentence.displayed(0, 2) == (0, 2)


def test_sentences_end_at_their_marks_and_take_closing_quotes_along() -> None:
    utterance = Utterance(text="他说：「好了。」走吧！Is it so? Yes. 完")
    assert [s.text.strip() for s in sentences(utterance)] == [
        "他说：「好了。」",
        "走吧！",
        "Is it so?",
        "Yes.",
        "完",
    ]


def test_a_sentence_without_end_is_cut_at_a_comma() -> None:
    text = "我们楼道的灯坏了很久了，" * 20
    assert all(s.text.endswith("，") for s in sentences(Utterance(text=text)))


def test_a_sentence_with_a_number_to_write_down_is_known() -> None:
    found = sentences(Utterance(text="您的编号是 1023 0001 2392。请记好，第 12 天来。"))
    assert [s.dictates for s in found] == [True, False]
    (english,) = sentences(Utterance(text="Your number is 1023 0001 2392.", language="en"))
    assert english.dictates
