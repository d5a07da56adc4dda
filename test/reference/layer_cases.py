"""Cases of whole layers: first weights, printed text, outputs and gradients in training and evaluation, buffers afterwards.

Used by make-layer-goldens.py. A row says how the test makes the layer (`layer`, `args`, options in camelCase last) and what
PyTorch's gave. Gradients are those of the sum over all outputs of sum(output * weight), see golden_cases.
"""

import re

import torch
from golden_cases import pack, weight


class Constant(torch.Tensor):
    """A target: its gradient is nobody's business."""

    @staticmethod
    def __new__(cls, data):
        return torch.Tensor._make_subclass(cls, data, False)


def camel(name):
    return re.sub(r"_([a-z0-9])", lambda match: match.group(1).upper(), name)


def plain(value):
    """Arguments as JSON; tensors are marked, names of options are camelCase."""
    if isinstance(value, torch.Tensor):
        return {"tensor": pack(value)}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {camel(key): plain(item) for key, item in value.items()}
    return value


def tensors(value):
    if isinstance(value, torch.Tensor):
        return [value]
    return [t for item in value for t in tensors(item)] if isinstance(value, (tuple, list)) else []


def leaves(value):
    if isinstance(value, Constant):
        return value
    if isinstance(value, torch.Tensor):
        return value.clone().requires_grad_() if value.dtype == torch.float32 else value
    return type(value)(leaves(item) for item in value)


def stir(module):
    """Weights other than the first ones, so that zeros and ones hide nothing."""
    for key, value in module.state_dict().items():
        if value.dtype != torch.float32:
            value.fill_(2)
        elif key.endswith("running_var"):
            value.copy_(torch.rand_like(value) + 0.5)
        else:
            value.copy_(torch.randn_like(value) * 0.5)


def run(module, inputs, call):
    module.zero_grad()
    given = [leaves(value) for value in inputs]
    outputs = tensors(module(*given, **call))
    result = {"outputs": [pack(t) for t in outputs]}
    differentiable = [t for t in outputs if t.requires_grad]
    if differentiable:
        sum((t * weight(t)).sum() for t in differentiable).backward()
        result["inputGradients"] = [pack(t.grad) if t.grad is not None else None for t in tensors(given)]
        result["gradients"] = {k: pack(p.grad) for k, p in module.named_parameters() if p.grad is not None}
    buffers = {key: pack(value) for key, value in module.named_buffers() if not key.endswith("weight")}
    if buffers:
        result["buffers"] = buffers
    return result


class LayerCases(list):
    """A golden table that grows by `add(make, args, options, inputs)`."""

    def add(self, make, args=(), options=None, *inputs, call=None, name=None, normal=False, modes=("train", "eval"), text=True):
        options, call = options or {}, call or {}
        build = lambda: make(*args, **options)
        torch.manual_seed(7)
        module = build()
        row = {"layer": name or make.__name__, "args": plain(list(args) + ([options] if options else []))}
        if text:
            row["text"] = str(module)
        state = module.state_dict()
        if state:
            row["first"] = {k: pack(v) if normal else v.numpy().tobytes().hex() for k, v in state.items()}
            row["next"] = torch.rand(2).tolist()
        torch.manual_seed(1000 + len(self))
        stir(module)
        if state:
            row["state"] = {k: pack(v) for k, v in module.state_dict().items()}
        values = [value() if callable(value) else value for value in inputs]
        row["inputs"] = plain(values)
        if call:
            row["call"] = plain(call)
        for mode in modes:
            module.train(mode == "train")
            row[mode] = run(module, values, call)
        self.append(row)
