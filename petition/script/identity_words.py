"""What somebody hears of a number or a name that they gave: never that they did wrong, always what to do now.

The words are kept by `id_`, `name_` or `phone_` and the finding; of what is simply fine, nothing is said. None of them
has the number in it: everybody in the room may hear them.
"""

from petition.identity import IdFinding, NameFinding, missing_signs
from petition.phone import PhoneFinding, missing_digits
from petition.utterance import counted

IDENTITY_WORDS: dict[str, str] = {
    "id_old": "老号码十五位，照样能用。",
    "id_unknown_region": "记下了。开头两位少见，请再看一眼。",
    "id_empty": "还没按号码。不填也一样办。",
    "id_too_short": "还差{missing}位。您慢慢按。",
    "id_cross_missing": "还差最后一位，是个叉。请按一下叉。",
    "id_too_long": "多了{extra}位。点「退一格」，就去掉一位。",
    "id_cross_within": "叉只在最后一位。请您照着证再看一眼。",
    "id_no_number": "这里只要数字和叉。您照着证，一位一位按。",
    "id_no_such_date": "出生日期那几位对不上。请您照着证再看一眼。",
    "id_not_yet_born": "出生那天还没到呢。请您看看第七位起的八位。",
    "id_too_long_ago": "出生那年太早了。请您看看第七位起的四位。",
    "id_wrong_check": "好像有一位对不上。请您照着证再看一眼。",
    "id_other_card": "这个证的号码不用填。您空着也一样办。",
    "name_one_sign": "记下了一个字。想写全，您接着写。",
    "name_empty": "名字还空着。不写也一样办。",
    "name_digits": "名字里有数字。您只写名字就行。",
    "name_marks": "还没写上字。您写名字，不写也一样办。",
    "name_too_long": "名字有点长。您写平常用的就行。",
    "phone_extension": "总机号记下了，分机号没记。您留手机号也行。",
    "phone_empty": "还没按号码。不留也一样办。",
    "phone_too_short": "好像还差{missing}位。您慢慢按。",
    "phone_too_long": "好像多了{extra}位。点「退一格」，就去掉一位。",
    "phone_no_area_code": "座机请您连区号一起按。手机号也行。",
    "phone_service": "这是公司的号码。请留您自己的电话。",
    "phone_short_code": "这是大家都打的号码。请留您自己的电话。",
    "phone_foreign": "外面的号码我记不了。请留大陆的电话，家里人的也行。",
    "phone_no_number": "这里只要数字。您一位一位按。",
    "phone_no_such_number": "没见过这样开头的号码。请您再看一眼。",
}


def identity_words(finding: IdFinding | NameFinding | PhoneFinding, typed: str = "") -> str:
    """Return the sentence for a finding of what was typed, its counts filled in; "" where there is nothing to say."""
    match finding:
        case IdFinding():
            words, missing = IDENTITY_WORDS.get(f"id_{finding}", ""), missing_signs(typed)
        case NameFinding():
            words, missing = IDENTITY_WORDS.get(f"name_{finding}", ""), 0
        case PhoneFinding():
            words, missing = IDENTITY_WORDS.get(f"phone_{finding}", ""), missing_digits(typed)
    return words.format(missing=counted(max(missing, 0), "zh_Hans"), extra=counted(max(-missing, 0), "zh_Hans"))
