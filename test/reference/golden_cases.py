"""What all scripts that make goldens share: tensors as JSON, cases with gradients, files. Run by none directly.

A case names a row of the test's own table of functions, gives inputs (seeded, float32 unless marked), the output, and the
gradients of sum(output * weight) with respect to the float inputs, weight[i] = cos(1 + i) over the flattened output.
"""

import json
import os

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


def pack(t):
    """A tensor as JSON: shape, dtype, flat values with the nine digits that identify a float32."""
    t = t.detach()
    name = {torch.float32: "float32", torch.int64: "int32", torch.bool: "bool"}[t.dtype]
    flat = t.reshape(-1).tolist()
    if t.dtype == torch.float32:
        flat = [float(f"{v:.9g}") if np.isfinite(v) else str(v) for v in flat]
    if t.dtype == torch.bool:
        flat = [int(v) for v in flat]
    return {"shape": list(t.shape), "dtype": name, "values": flat}


def weight(t):
    return torch.cos(1 + torch.arange(t.numel(), dtype=torch.float64)).to(torch.float32).reshape(t.shape)


class Cases(list):
    """A golden table that grows by `add(op, fn, *inputs, **params)`."""

    def add(self, op, fn, *inputs, **params):
        leaves = [x.clone().requires_grad_() if x.dtype == torch.float32 else x for x in inputs]
        out = fn(*leaves)
        entry = {"op": op, "params": params, "inputs": [pack(x) for x in inputs], "output": pack(out)}
        if out.requires_grad:
            (out * weight(out)).sum().backward()
            entry["gradients"] = [pack(x.grad) if x.dtype == torch.float32 and x.grad is not None else None for x in leaves]
        self.append(entry)


def randn(*shape):
    return torch.randn(shape)


def apart(*shape):
    """Values that differ by at least 0.05, in random order: no ties, no kinks."""
    n = int(np.prod(shape))
    return ((torch.randperm(n).float() - n / 2) * 0.1 + 0.05).reshape(shape)


def write(name, content):
    """Writes `name`.golden.json; a list with one row per line, so that diffs can be read."""
    path = os.path.join(HERE, f"{name}.golden.json")
    with open(path, "w") as file:
        if isinstance(content, list):
            file.write("[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in content) + "\n]\n")
        else:
            file.write(json.dumps(content, separators=(",", ":")) + "\n")
    print(f"{name}.golden.json {os.path.getsize(path)} bytes")
