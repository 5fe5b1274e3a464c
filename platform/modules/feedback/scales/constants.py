"""The constants of a pack as figures take them."""

from dataclasses import replace

from modules.feedback.metrics.scale import ScaleRules, rules_of
from modules.feedback.scales.choosing import agreed, comparable
from modules.feedback.scales.forms import Form
from modules.feedback.scales.queries import list_forms_of


def rules_for(pack: str) -> ScaleRules | None:
    """The rules of a pack's outcome forms; None where it has none whose own rules somebody has verified.

    One statement at most, none for our own pack.
    """
    return join_rules(comparable(list_forms_of(pack)))


def join_rules(forms: tuple[Form, ...]) -> ScaleRules | None:
    """Forms that measure alike (the latest entered first), as one scale.

    Each age band has the cut-off of the latest form that has one for it. The reliable change must be the same in all
    forms that have one; where they differ none is taken, and it is estimated from the answers. What nobody has
    verified or estimated is left out here already.
    """
    if not forms:
        return None
    cut_offs = {
        band: constant for form in reversed(forms) for band, constant in form.cut_offs.items() if constant.usable
    }
    changes = [form.reliable_change for form in forms if form.reliable_change and form.reliable_change.usable]
    same = agreed(change.value for change in changes)
    may_miss = min(form.may_miss for form in forms)
    return replace(
        rules_of(forms[0]),
        cut_offs=cut_offs,
        reliable_change=changes[0] if same is not None else None,
        may_miss=may_miss,
    )
