#!/usr/bin/env python3
"""Makes the phone table: which digits are valid phone numbers, as minimal acyclic automata.

    pip download --no-deps --dest /tmp/metadata phonenumbers==9.0.43
    python3 tests/phone_table/generate.py /tmp/metadata/phonenumbers-*.whl

writes src/contact/phone/table/numbers.bin. The wheel is libphonenumber's metadata as Python, and its parser is the
judge of what the table says: `--check N` compares the automata with it on N strings of every region and of every
calling code. The layout of the file is described in src/contact/phone/table.rs.

What the automata accept is decided by the rules of libphonenumber's `parse` and `isValidNumber`, and for numbers
without a calling code by those of src/contact/phone/number.rs (`local_or_own`) on top of them. Whatever is in doubt
there, the table does not accept: it is only asked for a yes, and the program goes the long way for everything else.
"""

import argparse
import hashlib
import pathlib
import random
import re
import struct
import sys
import zipfile

try:
    from re import _constants as constants, _parser as parser
except ImportError:  # Python before 3.11
    import sre_constants as constants
    import sre_parse as parser

sys.setrecursionlimit(100_000)

TARGET = pathlib.Path(__file__).parents[2] / "src/contact/phone/table/numbers.bin"
DIGITS = range(10)
# A number with its calling code has at most this many digits in libphonenumber (17 national, 3 before them).
LONGEST = 20
# The table gives the mobile bit and the region of a number in one label; a region of this index is none.
NO_REGION = 0xFF


# -- Regular expressions ----------------------------------------------------------------------------------------------


def digits_of(op, value):
    """The digits that one item of a pattern stands for."""
    if op is constants.LITERAL:
        return {value - 48}
    if op is constants.IN:
        return set().union(*(digits_of(*item) for item in value))
    if op is constants.RANGE:
        low, high = value
        return set(range(low - 48, high - 47))
    if op is constants.CATEGORY and value is constants.CATEGORY_DIGIT:
        return set(DIGITS)
    raise ValueError(f"not a set of digits: {op} {value}")


class Program:
    """A pattern as instructions of a backtracking machine, in the order in which it would try them.

    `digit SET`, `split TARGETS`, `save SLOT`, `end` (`$`), `match`.
    """

    def __init__(self, pattern):
        self.code = []
        self.groups = 0
        self.compile(parser.parse(pattern))
        self.code.append(("match",))

    def compile(self, tree):
        for op, value in tree:
            self.compile_item(op, value)

    def compile_item(self, op, value):
        if op is constants.BRANCH:
            self.compile_branch(value[1])
        elif op is constants.SUBPATTERN:
            group, inner = value[0], value[-1]
            if group is not None:
                self.groups = max(self.groups, group)
                self.code.append(("save", 2 * group - 2))
            self.compile(inner)
            if group is not None:
                self.code.append(("save", 2 * group - 1))
        elif op is constants.MAX_REPEAT:
            self.compile_repeat(*value)
        elif op is constants.AT and value is constants.AT_END:
            self.code.append(("end",))
        else:
            self.code.append(("digit", frozenset(digits_of(op, value))))

    def compile_branch(self, branches):
        at = len(self.code)
        self.code.append(None)
        starts, jumps = [], []
        for branch in branches:
            starts.append(len(self.code))
            self.compile(branch)
            jumps.append(len(self.code))
            self.code.append(None)
        self.code[at] = ("split", tuple(starts))
        for jump in jumps:
            self.code[jump] = ("split", (len(self.code),))

    def compile_repeat(self, low, high, inner):
        assert high != constants.MAXREPEAT, "a pattern without a longest match"
        for _ in range(low):
            self.compile(inner)
        optional = []
        for _ in range(high - low):
            optional.append(len(self.code))
            self.code.append(None)
            self.compile(inner)
        for at in optional:
            self.code[at] = ("split", (at + 1, len(self.code)))


class Matcher:
    """`re.match` of a pattern, digit by digit: a state holds the threads of the backtracking machine in their order
    and the match that was found behind them."""

    def __init__(self, pattern):
        self.program = Program(pattern) if pattern else None
        self.memo = {}
        self.start = (0, (), None)
        if self.program:
            threads, match = self.closure([(0, (None,) * (2 * self.program.groups))], 0)
            self.start = (0, threads, match)

    def closure(self, threads, position):
        """The threads that wait for a digit or for the end; those behind one that matches are cut off."""
        found, seen = [], set()

        def add(pc, slots):
            if pc in seen:
                return None
            seen.add(pc)
            op = self.program.code[pc]
            if op[0] == "split":
                for target in op[1]:
                    match = add(target, slots)
                    if match:
                        return match
                return None
            if op[0] == "save":
                return add(pc + 1, slots[: op[1]] + (position,) + slots[op[1] + 1 :])
            if op[0] == "match":
                return (position, slots)
            found.append((pc, slots))
            return None

        for pc, slots in threads:
            match = add(pc, slots)
            if match:
                return tuple(found), match
        return tuple(found), None

    def step(self, state, digit):
        key = (state, digit)
        if key not in self.memo:
            self.memo[key] = self.next_state(state, digit)
        return self.memo[key]

    def next_state(self, state, digit):
        position, threads, match = state
        if not threads:
            return state
        code = self.program.code
        going = [
            (pc + 1, slots)
            for pc, slots in threads
            if code[pc][0] == "digit" and digit in code[pc][1]
        ]
        threads, better = self.closure(going, position + 1)
        if not threads:
            position = -1
        return (position + 1, threads, better or match)

    def finish(self, state):
        """End of the match and the places of its groups, if there is a match and the text ends here."""
        position, threads, match = state
        for pc, slots in threads:
            if self.program.code[pc][0] == "end":
                return (position, slots)
        return match


# -- Languages as nodes of one minimal acyclic automaton --------------------------------------------------------------


class Nodes:
    """Nodes by what they accept: equal languages are one node. Node 0 accepts nothing."""

    def __init__(self):
        self.nodes = [(0, (0,) * 10)]
        self.index = {self.nodes[0]: 0}

    def add(self, label, children):
        key = (label, tuple(children))
        if key not in self.index:
            self.index[key] = len(self.nodes)
            self.nodes.append(key)
        return self.index[key]

    def child(self, node, digit):
        return self.nodes[node][1][digit]

    def label(self, node):
        return self.nodes[node][0]

    def walk(self, node, digits):
        for digit in digits:
            node = self.child(node, int(digit))
        return node

    def build(self, start, step, label):
        """The node of everything that a machine of hashable states accepts; `None` is its dead state."""
        memo = {None: 0}

        def node(state):
            if state not in memo:
                children = [node(step(state, digit)) for digit in DIGITS]
                memo[state] = self.add(label(state), children)
            return memo[state]

        return node(start)


NODES = Nodes()


def node_of_pattern(pattern, lengths=()):
    """The strings that a pattern matches as a whole, of these lengths if any are given."""
    if not pattern:
        return 0
    code = Program(pattern).code

    def closure(pcs):
        found, stack = set(), list(pcs)
        while stack:
            pc = stack.pop()
            if pc in found:
                continue
            found.add(pc)
            if code[pc][0] == "split":
                stack.extend(code[pc][1])
            elif code[pc][0] == "save":
                stack.append(pc + 1)
        return frozenset(pc for pc in found if code[pc][0] in ("digit", "match"))

    def step(state, digit):
        pcs, length = state
        going = {pc + 1 for pc in pcs if code[pc][0] == "digit" and digit in code[pc][1]}
        return (closure(going), length + 1) if going else None

    def label(state):
        pcs, length = state
        is_whole = any(code[pc][0] == "match" for pc in pcs)
        return int(is_whole and (not lengths or length in lengths))

    return NODES.build((closure({0}), 0), step, label)


# -- Numbering plans --------------------------------------------------------------------------------------------------


class Plan:
    """The metadata of a region or of a network without one, as far as `parse` and `isValidNumber` use it."""

    def __init__(self, metadata):
        self.code = str(metadata.country_code)
        self.general = node_of_pattern(metadata.general_desc.national_number_pattern)
        self.lengths = metadata.general_desc.possible_length
        self.local_lengths = metadata.general_desc.possible_length_local_only
        self.leading_matcher = Matcher(metadata.leading_digits) if metadata.leading_digits else None
        self.prefix = Matcher(metadata.national_prefix_for_parsing)
        self.rule = metadata.national_prefix_transform_rule
        self.idd = Matcher(metadata.international_prefix)
        self.types = self.node_of_types(metadata)

    @staticmethod
    def node_of_types(metadata):
        """Valid numbers, labelled 1, or 2 where they may be mobiles (`_number_type_helper`)."""

        def desc(value):
            if value is None:
                return 0
            return node_of_pattern(value.national_number_pattern, value.possible_length)

        general = desc(metadata.general_desc)
        others = [
            metadata.premium_rate,
            metadata.toll_free,
            metadata.shared_cost,
            metadata.voip,
            metadata.personal_number,
            metadata.pager,
            metadata.uan,
            metadata.voicemail,
        ]
        fixed, mobile = desc(metadata.fixed_line), desc(metadata.mobile)
        start = (general, fixed, mobile, *(desc(other) for other in others))
        is_same = metadata.same_mobile_and_fixed_line_pattern

        def step(state, digit):
            state = tuple(NODES.child(node, digit) for node in state)
            return state if state[0] and any(state[1:]) else None

        def label(state):
            general, fixed, mobile, *others = (bool(NODES.label(node)) for node in state)
            if not general:
                return 0
            if any(others):
                return 1
            if fixed:
                return 2 if is_same or mobile else 1
            return 2 if mobile and not is_same else 0

        return NODES.build(start, step, label)

    def is_long_enough(self, length):
        """Whether a number without its prefix is of a length for which the prefix is taken off."""
        if length in self.local_lengths:
            return False
        return length in self.lengths or length > max(self.lengths)

    def is_too_long(self, length):
        return length > max(self.lengths) and length not in self.local_lengths

    def stripped(self, match):
        """What taking the national prefix off does to a number: how many digits go at its beginning, what comes
        before the rest, and where in it how many digits are left out."""
        end, slots = match
        groups = [slots[at : at + 2] for at in range(0, len(slots), 2)]
        if self.rule and groups and groups[-1][1] is not None:
            text, group = re.fullmatch(r"(\d*)\\(\d)", self.rule).groups()
            start, stop = groups[int(group) - 1]
            return (start, text, stop - start, end - stop) if stop < end else (start, text, 0, 0)
        return (end, "", 0, 0)


AS_IS = (0, "", 0, 0)


def applied(action, digits):
    count, text, at, left_out = action
    rest = digits[count:]
    return text + (rest[:at] + rest[at + left_out :] if left_out else rest)


class World:
    """All plans, by region and by calling code."""

    def __init__(self, phonenumbers):
        self.library = phonenumbers
        self.regions = sorted(phonenumbers.SUPPORTED_REGIONS)
        self.codes = {}
        self.plans = {}
        metadata = phonenumbers.PhoneMetadata
        for region in self.regions:
            self.plans[region] = Plan(metadata.metadata_for_region(region))
        for code, regions in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()):
            if regions == ("001",):
                self.plans[code] = Plan(metadata.metadata_for_nongeo_region(code))
            self.codes[code] = regions
        self.valid = {code: self.node_of_valid(code) for code in self.codes}
        self.whole = {code: self.node_of_whole(code) for code in self.codes}
        self.ordinary = {code: self.ordinary_lengths(code) for code in self.codes}

    def main(self, code):
        """The plan by which a number behind this calling code is parsed."""
        regions = self.codes[code]
        return self.plans[code] if regions == ("001",) else self.plans[regions[0]]

    def region_label(self, region, kind):
        index = NO_REGION if region == "001" else self.regions.index(region)
        return 1 + 2 * index + int(kind == 2)

    def node_of_valid(self, code):
        """The valid numbers of a calling code, with their region and whether they may be mobiles."""
        regions = self.codes[code]
        if len(regions) == 1:
            label = lambda node: NODES.label(node) and self.region_label(regions[0], NODES.label(node))
            return NODES.build(self.main(code).types, lambda node, digit: NODES.child(node, digit) or None, label)
        plans = [self.plans[region] for region in regions]

        def step(state, digit):
            types = tuple(NODES.child(node, digit) for node, _ in state)
            leading = tuple(
                plan.leading_matcher and plan.leading_matcher.step(lead, digit)
                for plan, (_, lead) in zip(plans, state)
            )
            return tuple(zip(types, leading)) if any(types) else None

        def label(state):
            for region, plan, (node, lead) in zip(regions, plans, state):
                kind = NODES.label(node)
                if plan.leading_matcher:
                    if plan.leading_matcher.finish(lead):
                        return kind and self.region_label(region, kind)
                elif kind:
                    return self.region_label(region, kind)
            return 0

        start = tuple((plan.types, plan.leading_matcher and plan.leading_matcher.start) for plan in plans)
        return NODES.build(start, step, label)

    def node_of_whole(self, code):
        """The valid numbers that `parse` takes as they are behind `+` and this calling code."""
        plan = self.main(code)
        machine = Local(self, plan, code, AS_IS)
        return machine.node(self.valid[code], "whole")

    def ordinary_lengths(self, code):
        """The lengths of numbering_plan.rs."""
        library = self.library

        def of(kind):
            found = []
            for length in range(1, 18):
                number = library.PhoneNumber(country_code=code, national_number=10 ** (length - 1))
                answer = library.is_possible_number_for_type_with_reason(number, kind)
                if answer == library.ValidationResult.IS_POSSIBLE:
                    found.append(length)
            return found

        kinds = library.PhoneNumberType
        return of(kinds.FIXED_LINE_OR_MOBILE) or of(kinds.UNKNOWN)


# -- What digits mean in a region --------------------------------------------------------------------------------------


class Local:
    """The strings that a plan turns into a valid number by one action."""

    # How many digits of a prefix may be put back, when the number is not viable without them.
    PUT_BACK = (1, 2)

    def __init__(self, world, plan, code, action):
        self.world, self.plan, self.code, self.action = world, plan, code, action
        self.main = world.main(code)
        self.own = plan.code

    def node(self, valid, way):
        """The node of what is accepted: `whole` behind a calling code, else as `local_or_own` reads it: `local`,
        `own` (the region's calling code is taken off) or `zero` (and a zero before it)."""
        count, text, _, _ = self.action
        nodes = NODES
        start_valid = nodes.walk(valid, text)
        general = self.plan.general
        start = (
            0,
            self.plan.prefix.start,
            self.plan.idd.start if way != "whole" else None,
            start_valid if count == 0 else -1,
            nodes.walk(general, text) if count == 0 else -1,
            general,
            tuple(-1 for _ in self.PUT_BACK),
            None if way == "whole" else self.own_start(0),
            valid if way == "own" else -1,
            -1,
        )
        step = lambda state, digit: self.step(state, digit, valid, way)
        return NODES.build(start, step, lambda state: self.label(state, way))

    def own_start(self, position):
        """The state of what follows the region's own calling code: general, valid, and both plans' prefixes."""
        if position < len(self.own):
            return position
        return (
            self.plan.general,
            self.world.valid[self.code],
            self.plan.prefix.start,
            self.main.prefix.start,
        )

    def own_step(self, own, digit):
        if own is None:
            return None
        if isinstance(own, int):
            return self.own_start(own + 1) if int(self.own[own]) == digit else None
        general, valid, prefix, main = own
        return (
            NODES.child(general, digit),
            NODES.child(valid, digit),
            self.plan.prefix.step(prefix, digit),
            self.main.prefix.step(main, digit),
        )

    def step(self, state, digit, valid, way):
        position, prefix, idd, number, general, whole, put_back, own, plain, behind_zero = state
        count, text, at, left_out = self.action
        if idd is not None:
            idd = self.plan.idd.step(idd, digit)
            # Digits with the way abroad before them belong to another plan: not the table's.
            if self.plan.idd.finish(idd):
                return None
        # The digit at this position: taken off, left out, or the number's.
        if position >= count and not (left_out and count + at <= position < count + at + left_out):
            number, general = NODES.child(number, digit), NODES.child(general, digit)
            if number == 0:
                return None
        elif way == "own" and int(self.own[position]) != digit:
            return None
        elif way == "zero" and int(("0" + self.own)[position]) != digit:
            return None
        prefix = self.plan.prefix.step(prefix, digit)
        whole = NODES.child(whole, digit)
        put_back = tuple(
            NODES.child(node, digit) if node >= 0 else (self.plan.general if position + 1 == skip else -1)
            for node, skip in zip(put_back, self.PUT_BACK)
        )
        own = self.own_step(own, digit)
        if way == "own":
            plain = NODES.child(plain, digit)
        if way == "zero":
            behind_zero = self.world.valid[self.code] if position == 0 else NODES.child(behind_zero, digit)
        if position + 1 == count:
            number = NODES.walk(valid, text)
            general = NODES.walk(self.plan.general, text)
        return (position + 1, prefix, idd, number, general, whole, put_back, own, plain, behind_zero)

    def final_action(self, state):
        """What the plan's prefix does to the digits in the end; `None` where that is not known here."""
        length, prefix, _, _, general, whole, put_back, *_ = state
        match = self.plan.prefix.finish(prefix)
        if match is None:
            return AS_IS
        action = self.plan.stripped(match)
        if action == AS_IS:
            return AS_IS
        rest = len(applied(action, "0" * length))
        if not self.plan.is_long_enough(rest):
            return AS_IS
        if not NODES.label(whole):
            return action
        # The digits are viable with their prefix, which is taken off only if they are so without it.
        if action == self.action:
            return action if NODES.label(general) else AS_IS
        if action in [(skip, "", 0, 0) for skip in self.PUT_BACK]:
            node = put_back[self.PUT_BACK.index(action[0])]
            return action if node > 0 and NODES.label(node) else AS_IS
        return None

    def label(self, state, way):
        length, _, _, number, _, whole, put_back, own, plain, behind_zero = state
        label = NODES.label(number) if number > 0 else 0
        if not label:
            return 0
        if way == "whole":
            return label if self.final_action(state) == AS_IS else 0
        if way == "zero":
            return label if self.is_behind_zero(state) else 0
        if not isinstance(own, tuple):
            return label if way == "local" and self.final_action(state) == self.action else 0
        general_behind, valid_behind, prefix, main = own
        # What follows the calling code loses no prefix: the node of an own number has seen to the main plan's.
        has_prefix = self.plan.prefix.finish(prefix) is not None
        if way == "local" and (has_prefix or self.main.prefix.finish(main) is not None):
            return 0
        if way == "own" and has_prefix and self.plan is not self.main:
            return 0
        is_taken_off = (not NODES.label(whole) and NODES.label(general_behind)) or self.plan.is_too_long(length)
        if way == "own":
            if is_taken_off:
                return label
            is_plain = self.plan.prefix.finish(state[1]) is None and not NODES.label(plain)
            return label if is_plain else 0
        if is_taken_off or NODES.label(valid_behind) or self.final_action(state) != self.action:
            return 0
        # What follows the calling code must be no number that is possible by its length: that would be in doubt.
        behind = length - len(self.own)
        is_possible = behind in self.world.ordinary[self.code] or (self.code == 52 and behind == 11)
        return 0 if is_possible else label

    def is_behind_zero(self, state):
        """Whether the number is taken off its trunk zero and its calling code: only what is too long to be local."""
        length, prefix, *_ = state
        if self.plan.prefix.finish(prefix) is None:
            return False
        whole, put_back, behind_zero = state[5], state[6], state[9]
        action = self.plan.stripped(self.plan.prefix.finish(prefix))
        is_zero_off = action == (1, "", 0, 0) and self.plan.is_long_enough(length - 1)
        is_viable = not NODES.label(whole) or (put_back[0] > 0 and NODES.label(put_back[0]))
        is_long = length - 1 > max(self.world.ordinary[self.code]) and length - 1 >= 12
        return bool(is_zero_off and is_viable and is_long and not NODES.label(behind_zero))


def actions_of(plan):
    """Every action of a plan's national prefix, found by walking its matcher."""
    found, seen, states = {AS_IS}, set(), [(0, plan.prefix.start)]
    while states:
        depth, state = states.pop()
        if state in seen or depth > LONGEST:
            continue
        seen.add(state)
        match = plan.prefix.finish(state)
        if match:
            found.add(plan.stripped(match))
        states.extend((depth + 1, plan.prefix.step(state, digit)) for digit in DIGITS)
    return sorted(found)


def readings_of(world, region):
    """The actions by which a region reads digits without a calling code, each with the node of what it accepts."""
    plan = world.plans[region]
    code = int(plan.code)
    valid, whole = world.valid[code], world.whole[code]
    found = []
    for action in actions_of(plan):
        found.append((action, Local(world, plan, code, action).node(valid, "local")))
    own = (len(plan.code), "", 0, 0)
    found.append((own, Local(world, plan, code, own).node(whole, "own")))
    zero = (len(plan.code) + 1, "", 0, 0)
    found.append((zero, Local(world, plan, code, zero).node(whole, "zero")))
    return [(action, node) for action, node in found if node]


# -- The file ---------------------------------------------------------------------------------------------------------

MAGIC = b"BPPHONE1"
TITLE = 40
IS_ACCEPTED, IS_UNIFORM = 1 << 15, 1 << 14


class Table:
    """All automata as one run of 16-bit units, and what leads to them."""

    def __init__(self, world):
        self.world = world
        self.units, self.places = [], {0: 0}
        # Unit 0 is a node without children: no child is ever at 0, so that 0 can stand for none.
        self.units.append(0)
        self.international = self.place(self.node_of_all())
        self.readings = {region: readings_of(world, region) for region in world.regions}
        for found in self.readings.values():
            for _, node in found:
                self.place(node)
        self.actions = sorted({action for found in self.readings.values() for action, _ in found})

    def node_of_all(self):
        """All valid numbers with their calling codes before them."""

        def node(prefix):
            if prefix and int(prefix) in self.world.whole:
                return self.world.whole[int(prefix)]
            if len(prefix) == 3:
                return 0
            return NODES.add(0, [node(prefix + str(digit)) if prefix or digit else 0 for digit in DIGITS])

        return node("")

    def place(self, node):
        """Where a node is, in units: children before their parents."""
        if node in self.places:
            return self.places[node]
        label, children = NODES.nodes[node]
        targets = [self.place(child) for child in children if child]
        mask = sum(1 << digit for digit in DIGITS if children[digit])
        is_uniform = len(set(targets)) == 1
        head = mask | (IS_ACCEPTED if label else 0) | (IS_UNIFORM if is_uniform else 0)
        self.places[node] = len(self.units)
        self.units.append(head)
        if label:
            self.units.append(label)
        self.units.extend(targets[:1] if is_uniform else targets)
        assert len(self.units) <= 1 << 16, "a node is out of reach of 16 bits"
        return self.places[node]

    def bytes(self, title):
        world = self.world
        regions, readings = b"", b""
        count = 0
        for region in world.regions:
            found = self.readings[region]
            regions += struct.pack("<2sHH", region.encode(), int(world.plans[region].code), count)
            for action, node in found:
                readings += struct.pack("<HH", self.actions.index(action), self.places[node])
            count += len(found)
        regions += struct.pack("<2sHH", b"\0\0", 0, count)
        codes = b""
        for code, of in sorted(world.codes.items()):
            main = NO_REGION if of == ("001",) else world.regions.index(of[0])
            codes += struct.pack("<HH", code, main)
        actions = b""
        for skip, text, at, left_out in self.actions:
            actions += struct.pack("<BBBB4s", skip, at, left_out, len(text), text.encode())
        counts = struct.pack(
            "<6H",
            len(world.regions),
            len(world.codes),
            count,
            len(self.actions),
            len(self.units) & 0xFFFF,
            self.international,
        )
        nodes = struct.pack(f"<{len(self.units)}H", *self.units)
        return MAGIC + title.encode().ljust(TITLE, b"\0") + counts + regions + codes + readings + actions + nodes


# -- The judge --------------------------------------------------------------------------------------------------------


class Judge:
    """What number.rs answers, by the library itself: `(calling code, national number)` for a yes without any remark."""

    def __init__(self, world):
        self.world, self.library = world, world.library

    def reading(self, digits, region, code, length):
        library = self.library
        try:
            number = library.parse(digits, region)
        except library.NumberParseException as error:
            kinds = library.NumberParseException
            is_measured = error.error_type in (kinds.TOO_SHORT_AFTER_IDD, kinds.TOO_SHORT_NSN, kinds.TOO_LONG)
            is_long = is_measured and length > max(self.world.ordinary[code])
            return ("long" if is_long else "error", None)
        phone = (number.country_code, library.national_significant_number(number))
        if library.is_valid_number(number):
            return ("valid", phone)
        return (self.doubt(phone), phone)

    def doubt(self, phone):
        code, national = phone
        if code == 55 and len(national) == 10 and national[2] in "6789":
            if self.is_valid(55, national[:2] + "9" + national[2:]):
                return "doubt"
        if code == 52 and len(national) == 11 and national[0] == "1" and self.is_valid(52, national[1:]):
            return "doubt"
        lengths = self.world.ordinary[code]
        if len(national) in lengths:
            return "doubt"
        return "long" if lengths and len(national) > max(lengths) else "error"

    def is_valid(self, code, national):
        return self.library.is_valid_number(self.library.parse(f"+{code}{national}"))

    def abroad(self, digits):
        for length in (1, 2, 3):
            code = int(digits[:length] or "0")
            if not digits.startswith("0") and code in self.world.codes and len(digits) >= length:
                return self.reading("+" + digits, None, code, len(digits) - length)
        return ("error", None)

    def international(self, digits):
        kind, phone = self.abroad(digits)
        return phone if kind == "valid" else None

    def national(self, digits, region):
        code = self.world.plans[region].code
        kind, local = self.reading(digits, region, int(code), len(digits.lstrip("0")))
        if not digits.startswith(code):
            if kind == "valid":
                return local
            rest = digits[1:] if digits.startswith("0" + code) and len(digits) > 12 else None
            return self.international(rest) if kind == "long" and rest else None
        own_kind, own = self.abroad(digits)
        has_lost_zero = own is not None and len(digits) > len(code) + len(own[1])
        if kind == "valid" and local != own and own_kind in ("valid", "doubt"):
            return None
        if kind == "valid" and own is not None and own_kind in ("valid", "doubt") and has_lost_zero:
            return None
        if kind == "valid":
            return local
        return own if own_kind == "valid" else None


class Sampler:
    """Strings that are likely to be at the edges of what is accepted: walks of the automata, and what is near them."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def walk(self, node):
        digits = ""
        while node:
            label, children = NODES.nodes[node]
            live = [digit for digit in DIGITS if children[digit]]
            if not live or (label and self.random.random() < 0.3):
                break
            digit = self.random.choice(live)
            digits, node = digits + str(digit), children[digit]
        return digits

    def near(self, digits):
        kind = self.random.randrange(8)
        at = self.random.randrange(len(digits) + 1)
        digit = str(self.random.randrange(10))
        if kind == 0:
            return digits[:at] + digit + digits[at:]
        if kind == 1:
            return digits[:at] + digits[at + 1 :]
        if kind == 2:
            return digits[:at] + digit + digits[at + 1 :]
        if kind == 3:
            return self.random.choice("0189") + digits
        if kind == 4:
            return "".join(self.random.choice("0123456789") for _ in range(self.random.randrange(5, 16)))
        return digits


def check(table, count, seed=1):
    """Compares the table with the library; returns what it says wrongly."""
    world, judge, sampler = table.world, Judge(table.world), Sampler(seed)
    wrong, taken, missed, total = [], 0, 0, 0
    for region in world.regions:
        code = world.plans[region].code
        found = table.readings[region]
        for _ in range(count):
            kind = sampler.random.randrange(4)
            if kind == 0:
                digits = sampler.walk(world.valid[int(code)])
                before = ["", "", "0", "1", "8", code, "0" + code, code + "0", "06"]
                digits = sampler.near(sampler.random.choice(before) + digits)
            else:
                digits = sampler.near(sampler.walk(sampler.random.choice(found)[1]))
            if digits.startswith("00") or not 3 <= len(digits) <= 17:
                continue
            total += 1
            says = [
                (action, NODES.label(node))
                for action, root in found
                if NODES.label(node := NODES.walk(root, digits))
            ]
            right = judge.national(digits, region)
            if not says:
                missed += right is not None
                continue
            taken += 1
            numbers = {applied(action, digits) for action, _ in says}
            if right is None or len(says) > 1 and len(set(says)) > 1 or numbers != {right[1]}:
                wrong.append((region, digits, says, right))
            elif (problem := wrong_label(world, right, says[0][1])) is not None:
                wrong.append((region, digits, says, right, problem))
    print(f"national: {total} strings, {taken} taken, {missed} left to the library, {len(wrong)} wrong")
    before = len(wrong)
    taken = missed = total = 0
    for code in world.codes:
        for _ in range(count):
            digits = sampler.near(str(code) + sampler.walk(world.valid[code]))
            if not 3 <= len(digits) <= 18 or digits.startswith("0"):
                continue
            total += 1
            label = NODES.label(NODES.walk(table.node_of_all(), digits))
            right = judge.international(digits)
            missed += not label and right is not None
            taken += bool(label)
            is_right = right is not None and f"{right[0]}{right[1]}" == digits
            if label and (not is_right or wrong_label(world, right, label) is not None):
                wrong.append(("+", digits, label, right))
    print(f"international: {total} strings, {taken} taken, {missed} left to the library, {len(wrong) - before} wrong")
    return wrong


def wrong_label(world, phone, label):
    library = world.library
    number = library.parse(f"+{phone[0]}{phone[1]}")
    kinds = library.PhoneNumberType
    kind = 2 if library.number_type(number) in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE) else 1
    expected = world.region_label(library.region_code_for_number(number), kind)
    return None if expected == label else (expected, label)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    arguments.add_argument("wheel", type=pathlib.Path, help="the wheel of PyPI's phonenumbers")
    arguments.add_argument("--check", type=int, metavar="N", help="compare with the library instead of writing")
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    sys.path.insert(0, str(given.wheel))
    import phonenumbers  # noqa: PLC0415 (it comes out of the wheel)

    world = World(phonenumbers)
    table = Table(world)
    if given.check:
        wrong = check(table, given.check, given.seed)
        for case in wrong[:100]:
            print(*case)
        sys.exit(bool(wrong))
    year, month, day = max(item.date_time for item in zipfile.ZipFile(given.wheel).infolist())[:3]
    title = f"libphonenumber {phonenumbers.__version__} {year}-{month:02}-{day:02}"
    data = table.bytes(title)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(data)
    print(f"{title}: {len(data)} bytes, {len(table.units)} units, sha256 {hashlib.sha256(data).hexdigest()}")
    print(f"made from {given.wheel.name}, sha256 {hashlib.sha256(given.wheel.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
