"""Which clause of the old text is which clause of the new one.

Exact matches come first and over the whole document, so that no amount of moved text hides what was really edited:
patience (clauses that are unique on both sides anchor the rest) in order, then equal clauses wherever they are. What
is left is paired one to one by similarity, best pair first, which found as much as the optimal assignment in our
measurements and needs no numpy.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from monitor.compare import plain

Pair = tuple[int, int]
_ADDRESS = re.compile(r"(?<!\S)@*+[^\s@]++@\S++")
_FULL = 60_000  # pairs of left-over clauses compared all with all; beyond that rare words choose the candidates
_CANDIDATES = 12
_READ = 3_000  # letters of a clause that are looked at: similarity costs the square of the length
_SIMILAR = 62.0  # of 100, for clauses anywhere in the document
_HERE = 12.0  # easier by this much when both stand between the same neighbours
_HELD = 0.85  # share of the words of a clause that the counterpart of its neighbour must hold
_FEW = 36  # pairs between the same neighbours, among which a clause that grew can be told
_CONTAINED = 0.75  # share of the shorter clause's words that the longer one keeps, between the same neighbours


def exact(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """Pairs of indices with equal keys, each index at most once, sorted; n log n. Empty keys take no part."""
    pairs = [(i, j) for i, j in _patience(before, after) if before[i]]
    used_before = {i for i, _ in pairs}
    used_after = {j for _, j in pairs}
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for j, key in enumerate(after):
        if key and j not in used_after:
            waiting[key].append(j)
    for i, key in enumerate(before):
        if key and i not in used_before and waiting.get(key):
            pairs.append((i, waiting[key].popleft()))
    return sorted(pairs)


def _patience(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    pairs: list[Pair] = []
    ranges = [(0, len(before), 0, len(after), 0)]
    while ranges:
        lo, hi, lo2, hi2, depth = ranges.pop()
        while lo < hi and lo2 < hi2 and before[lo] == after[lo2]:
            pairs.append((lo, lo2))
            lo, lo2 = lo + 1, lo2 + 1
        while lo < hi and lo2 < hi2 and before[hi - 1] == after[hi2 - 1]:
            hi, hi2 = hi - 1, hi2 - 1
            pairs.append((hi, hi2))
        if lo == hi or lo2 == hi2 or depth > 12:
            continue
        once = Counter(before[lo:hi])
        once2 = Counter(after[lo2:hi2])
        place = {after[j]: j for j in range(lo2, hi2) if once2[after[j]] == 1}
        anchors = [(i, place[before[i]]) for i in range(lo, hi) if once[before[i]] == 1 and before[i] in place]
        kept = increasing(anchors)
        if not kept:
            continue
        for i, j in [*kept, (hi, hi2)]:
            ranges.append((lo, i, lo2, j, depth + 1))
            lo, lo2 = i + 1, j + 1
        pairs.extend(kept)
    return pairs


def increasing(pairs: Sequence[Pair]) -> list[Pair]:
    """The longest run of pairs (sorted by their first index) that keeps the order on both sides."""
    tails: list[int] = []
    ends: list[int] = []
    previous = [-1] * len(pairs)
    for n, (_, j) in enumerate(pairs):
        at = bisect_left(tails, j)
        if at == len(tails):
            tails.append(j)
            ends.append(n)
        else:
            tails[at] = j
            ends[at] = n
        previous[n] = ends[at - 1] if at else -1
    chain: list[Pair] = []
    n = ends[-1] if ends else -1
    while n >= 0:
        chain.append(pairs[n])
        n = previous[n]
    return chain[::-1]


def hidden(before: Mapping[int, str], after: Mapping[int, str]) -> list[Pair]:
    """One-to-one pairs of clauses (index → key) that differ only in an e-mail address that one side hides."""
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for j, key in after.items():
        if "@" in key:
            waiting[_ADDRESS.sub(plain.EMAIL, key)].append(j)
    pairs: list[Pair] = []
    for i, key in before.items():
        candidates = waiting.get(_ADDRESS.sub(plain.EMAIL, key)) if "@" in key else None
        if candidates and (plain.EMAIL in key or plain.EMAIL in after[candidates[0]]):
            pairs.append((i, candidates.popleft()))
    return pairs


def similar(before: Mapping[int, str], after: Mapping[int, str], anchors: Sequence[Pair]) -> list[Pair]:
    """One-to-one pairs of edited clauses among those left over (index → key), most similar first.

    ``anchors`` are in-order pairs that are the same; clauses between the same two anchors need less similarity.
    """
    before = {i: key[:_READ] for i, key in before.items()}
    after = {j: key[:_READ] for j, key in after.items()}
    gap_before = _gaps(before, [i for i, _ in anchors])
    gap_after = _gaps(after, [j for _, j in anchors])
    gap_sizes = Counter(gap_before.values()), Counter(gap_after.values())
    scored: list[tuple[float, int, int, int]] = []
    for i, j, ratio in _scores(before, after):
        here = gap_before[i] == gap_after[j]
        grown = here and ratio < _SIMILAR - _HERE and gap_sizes[0][gap_before[i]] * gap_sizes[1][gap_after[j]] <= _FEW
        score = _containment(before[i], after[j]) if grown else ratio
        if score >= _SIMILAR - (_HERE if here else 0):
            scored.append((-(score + (_HERE if here else 0)), abs(gap_before[i] - gap_after[j]), i, j))
    scored.sort()
    used: tuple[set[int], set[int]] = (set(), set())
    pairs: list[Pair] = []
    for _, _, i, j in scored:
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((i, j))
    return pairs


def _gaps(indices: dict[int, str], anchors: Sequence[int]) -> dict[int, int]:
    return {i: bisect_left(anchors, i) for i in indices}


def _containment(old: str, new: str) -> float:
    """A score for a clause that grew or shrank so much that plain similarity no longer sees it."""
    ours, theirs = Counter(old.split()), Counter(new.split())
    shorter = min(ours.total(), theirs.total())
    if shorter < 4:
        return 0.0
    return _SIMILAR * ((ours & theirs).total() / shorter) / _CONTAINED - _HERE


def _scores(before: dict[int, str], after: dict[int, str]) -> list[tuple[int, int, float]]:
    if len(before) * len(after) <= _FULL:
        return [
            (i, j, score)
            for i, text in before.items()
            for _, score, j in process.extract(text, after, scorer=fuzz.ratio, limit=None, score_cutoff=20)
        ]
    places: dict[str, list[int]] = defaultdict(list)
    for j, text in after.items():
        for word in set(text.split()):
            places[word].append(j)
    found: list[tuple[int, int, float]] = []
    for i, text in before.items():
        shared: Counter[int] = Counter()
        rare = sorted((len(places[word]), word) for word in set(text.split()) if word in places)[:8]
        for count, word in rare:
            if count > 50:
                break
            for j in places[word]:
                shared[j] += 1
        for j, _ in shared.most_common(_CANDIDATES):
            score = fuzz.ratio(text, after[j], score_cutoff=20)
            if score:
                found.append((i, j, score))
    return found


def reflowed(before: dict[int, str], after: dict[int, str], anchors: Sequence[Pair]) -> tuple[list[int], list[int]]:
    """Left-over clauses (index → key) that were only divided otherwise: the same letters between the same neighbours.

    Extraction joins and breaks lines, and loses the space when it does; nothing was edited then.
    """
    found: tuple[list[int], list[int]] = ([], [])
    left = _by_gap(before, [i for i, _ in anchors])
    right = _by_gap(after, [j for _, j in anchors])
    for gap, gap_olds in left.items():
        olds, news = gap_olds, right.get(gap, [])
        if news:
            count, count2 = _shared([before[i] for i in olds], [after[j] for j in news], backwards=False)
            found[0].extend(olds[:count])
            found[1].extend(news[:count2])
            olds, news = olds[count:], news[count2:]
            count, count2 = _shared([before[i] for i in olds], [after[j] for j in news], backwards=True)
            found[0].extend(olds[len(olds) - count :])
            found[1].extend(news[len(news) - count2 :])
    return found


def _by_gap(indices: dict[int, str], anchors: Sequence[int]) -> dict[int, list[int]]:
    gaps: dict[int, list[int]] = defaultdict(list)
    for index in indices:
        gaps[bisect_left(anchors, index)].append(index)
    return gaps


def _shared(olds: Sequence[str], news: Sequence[str], *, backwards: bool) -> tuple[int, int]:
    """How many clauses of each side make up the longest common start (or end) that ends with a clause on both."""
    step = -1 if backwards else 1
    letters = [[plain.letters((key,))[::step] for key in keys][::step] for keys in (olds, news)]
    piece = ["", ""]  # the clause being read on each side, and how far
    at, count, kept = [0, 0], [0, 0], (0, 0)
    while True:
        for side in (0, 1):
            if at[side] == len(piece[side]):
                if at[1 - side] == len(piece[1 - side]) and side == 0:
                    kept = (count[0], count[1])
                if count[side] == len(letters[side]):
                    return kept
                piece[side], at[side] = letters[side][count[side]], 0
                count[side] += 1
        length = min(len(piece[0]) - at[0], len(piece[1]) - at[1])
        if piece[0][at[0] : at[0] + length] != piece[1][at[1] : at[1] + length]:
            return kept
        at = [at[0] + length, at[1] + length]


def parts(
    edited: Sequence[Pair], old: Sequence[str], new: Sequence[str], free: Sequence[int], *, side: int
) -> dict[int, int]:
    """Which free clauses are the other half of a split (``side`` 1) or a merge (0): free index → index of its sibling.

    A clause is the other half when the counterpart of a neighbour holds its words and the neighbour does not.
    """
    own, other = (old, new) if side == 0 else (new, old)
    hosts = {pair[side]: pair[1 - side] for pair in edited}
    found: dict[int, int] = {}
    spare = {host: Counter(other[partner].split()) - Counter(own[host].split()) for host, partner in hosts.items()}
    for index in free:
        counted = Counter(own[index].split())
        for host in _near(index, hosts, found):
            shared = counted & spare[host]
            if counted.total() >= 3 and shared.total() >= _HELD * counted.total():
                found[index] = host
                spare[host] = spare[host] - counted
                break
    return found


def _near(index: int, hosts: dict[int, int], found: dict[int, int]) -> list[int]:
    """Hosts beside the index; a half already found stands for its host."""
    beside: list[int] = []
    for step in (-1, 1):
        for distance in (1, 2):
            place = index + step * distance
            host = place if place in hosts else found.get(place)
            if host is not None and host not in beside:
                beside.append(host)
    return beside
