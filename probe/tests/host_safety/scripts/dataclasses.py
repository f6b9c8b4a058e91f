import dataclasses, copy
@dataclasses.dataclass
class P:
    x: int
    y: list
p = P(1, [2]); q = copy.deepcopy(p); print(p == q, dataclasses.asdict(q), id(p) != id(q))
