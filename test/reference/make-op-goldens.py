#!/usr/bin/python3
"""Makes the golden values of the families of ops with PyTorch: one file a family, walked through by the test of its name.

    /usr/bin/python3 test/reference/make-op-goldens.py
"""

import math

import torch
import torch.nn.functional as F
from golden_cases import Cases, apart, randn, write


class Families(Cases):
    """Cases, some of them without comparing gradients: where these are NaN in one library and anything in the other."""

    def values(self, op, fn, *inputs, **params):
        self.add(op, fn, *inputs, **params)
        if "gradients" in self[-1]:
            self[-1]["gradients"] = [None for _ in inputs]


NAN, INF = math.nan, math.inf
SHAPES = [(2, 3), (), (0,), (1,), (3, 1, 2)]


def values(*numbers):
    return torch.tensor([float(n) for n in numbers])


def ints(*numbers):
    return torch.tensor(numbers)


def bools(*numbers):
    return torch.tensor([bool(n) for n in numbers])


SPECIAL = values(NAN, INF, -INF, 0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 100, -100)


def elementary():
    torch.manual_seed(10)
    case = (cases := Families()).add
    for shape in SHAPES:
        for name in ["expm1", "sin", "cos", "tan", "erf", "sign", "floor", "ceil", "round", "trunc", "square"]:
            case(name, getattr(torch, name), randn(*shape) * 1.5)
        for name in ["log1p", "log2", "log10", "rsqrt", "reciprocal"]:
            case(name, getattr(torch, name), randn(*shape).abs() + 0.2)
        for name in ["isnan", "isinf", "isfinite"]:
            case(name, getattr(torch, name), randn(*shape))
        case("logicalNot", torch.logical_not, randn(*shape).round())
        case("clamp", lambda x: x.clamp(-0.5, 0.7), randn(*shape), min=-0.5, max=0.7)
    for name in ["expm1", "sin", "cos", "erf", "sign", "floor", "ceil", "round", "trunc", "log1p", "rsqrt", "reciprocal", "isnan", "isinf",
                 "isfinite"]:
        case(name, getattr(torch, name), SPECIAL)
    for name in ["sign", "square", "isnan", "isinf", "isfinite", "sin", "expm1"]:
        case(name, getattr(torch, name), ints(-3, 0, 5))
    case("log1p", torch.log1p, values(1e-7, -1e-7, -1, 1e30))
    case("expm1", torch.expm1, values(1e-7, -1e-7, 80, -200))
    case("erf", torch.erf, values(1e-10, 0.1, 2, 3.5, 3.99, 4.01, -6, 1e10))
    case("logicalNot", torch.logical_not, ints(-3, 0, 5))
    case("logicalNot", torch.logical_not, bools(1, 0))
    case("clamp", lambda x: x.clamp(0, 2), SPECIAL, min=0, max=2)
    case("clamp", lambda x: x.clamp(min=0.5), SPECIAL, min=0.5)
    case("clamp", lambda x: x.clamp(max=0.5), SPECIAL, max=0.5)
    case("clamp", lambda x: x.clamp(3, 1), values(0, 2, 4), min=3, max=1)
    case("clamp", lambda x: x.clamp(-1, 2), ints(-3, 0, 5), min=-1, max=2)
    case("clampBetween", torch.clamp, randn(3, 4), randn(4) - 1, randn(3, 1) + 1)
    case("clampBetween", torch.clamp, randn(2, 2), randn() - 1, randn(2) + 1)
    pairs = [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 2)), ((0, 3), (1, 3)), ((), ()), ((2, 3, 4), (3, 1))]
    for a, b in pairs:
        case("minimum", torch.minimum, randn(*a), randn(*b))
        case("remainder", torch.remainder, apart(*a) * 3, apart(*b) + 0.11)
        for name in ["ne", "ge", "le"]:
            case(name, getattr(torch, name), randn(*a).round(), randn(*b).round())
        for name in ["and", "or", "xor"]:
            fn = getattr(torch, f"logical_{name}")
            case(f"logical{name.title()}", fn, randn(*a).round(), randn(*b) > 0)
        case("lerp", torch.lerp, *torch.broadcast_tensors(randn(*a), randn(*b)), randn(*b))
        mask, x = torch.broadcast_tensors(randn(*b) > 0, randn(*a))
        case("maskedFill", lambda x, m: x.masked_fill(m, -INF), x.clone(), mask.clone(), value=str(-INF))
        case("maskedFill", lambda x, m: x.masked_fill(m, 2.5), x.clone(), mask.clone(), value=2.5)
    case("maskedFill", lambda x, m: x.masked_fill(m, 7), ints(1, 2, 3), bools(0, 1, 0), value=7)
    cases.values("minimum", torch.minimum, values(1, 2, 3, NAN), values(1, 5, NAN, 2))
    case("minimum", torch.minimum, ints(1, 5), ints(3, 2))
    cases.values("remainder", torch.remainder, values(5, -5, 5, -5, 6, 1, NAN, INF, -5), values(3, 3, -3, -3, 3, 0, 2, 2, INF))
    case("remainder", torch.remainder, ints(5, -5, 5, -5, 6), ints(3, 3, -3, -3, 3))
    for name in ["ne", "ge", "le"]:
        case(name, getattr(torch, name), values(NAN, NAN, 1, INF), values(NAN, 1, 1, INF))
        case(name, getattr(torch, name), ints(1, 2, 3), values(1.5, 2, 2))
    return cases


def activations():
    torch.manual_seed(11)
    case = (cases := Families()).add
    names = {
        "elu": F.elu, "selu": F.selu, "gelu": F.gelu, "silu": F.silu, "mish": F.mish, "softplus": F.softplus, "softsign": F.softsign,
        "hardtanh": F.hardtanh, "relu6": F.relu6, "hardSigmoid": F.hardsigmoid, "logSigmoid": F.logsigmoid, "leakyRelu": F.leaky_relu,
    }
    far = values(-1e4, -100, -30, -21, -10, -3, -1, -0.0, 0, 1, 3, 6, 10, 19.9, 20, 20.1, 50, 100, 1e4)
    for name, fn in names.items():
        for shape in [(2, 3), (), (0, 2), (1,), (2, 1, 2)]:
            case(name, fn, randn(*shape) * 3)
        case(name, fn, far)
        cases.values(name, fn, values(NAN))
    for shape in [(2, 3), ()]:
        case("leakyRelu", lambda x: F.leaky_relu(x, 0.3), randn(*shape), negativeSlope=0.3)
        case("elu", lambda x: F.elu(x, 1.7), randn(*shape), alpha=1.7)
        case("gelu", lambda x: F.gelu(x, approximate="tanh"), randn(*shape), approximate="tanh")
        case("softplus", lambda x: F.softplus(x, 3, 2), randn(*shape), beta=3, threshold=2)
        case("hardtanh", lambda x: F.hardtanh(x, -0.4, 0.6), randn(*shape), min=-0.4, max=0.6)
    case("gelu", lambda x: F.gelu(x, approximate="tanh"), far, approximate="tanh")
    for shape, dim in [((4,), -1), ((2, 6), 1), ((4, 3), 0), ((2, 4, 3), -2), ((0, 2), 1)]:
        case("glu", lambda x, d=dim: F.glu(x, d), randn(*shape), dim=dim)
    for shape, slopes in [((2, 3), 3), ((2, 3), 1), ((4,), 1), ((2, 3, 2, 2), 3), ((), 1), ((0, 2), 2)]:
        case("prelu", F.prelu, randn(*shape), randn(slopes).abs())
    return cases


def reductions():
    torch.manual_seed(12)
    case = (cases := Families()).add
    everything = {"prod": torch.prod, "min": torch.min, "amax": torch.amax, "amin": torch.amin, "argmin": torch.argmin, "any": torch.any,
                  "all": torch.all, "countNonzero": torch.count_nonzero, "variance": torch.var, "std": torch.std, "norm": torch.norm,
                  "median": torch.median}
    one_dim = {
        "prod": torch.prod, "min": lambda x, d, keepdim: x.min(d, keepdim=keepdim).values, "amax": torch.amax, "amin": torch.amin,
        "argmin": torch.argmin, "any": torch.any, "all": torch.all, "variance": torch.var, "std": torch.std,
        "norm": lambda x, d, keepdim: torch.norm(x, dim=d, keepdim=keepdim), "logsumexp": torch.logsumexp,
        "median": lambda x, d, keepdim: x.median(d, keepdim=keepdim).values,
    }
    for shape in [(2, 3), (3, 4, 2), (), (1,), (5,)]:
        x = apart(*shape)
        for name, fn in everything.items():
            if name not in ("variance", "std") or len(shape) > 0 and shape != (1,):  # torch 1.13 fails there
                case(name, fn, x)
        for dim in {-1, 0, len(shape) - 2} if len(shape) > 1 else {-1}:
            for keep in (False, True):
                for name, fn in one_dim.items():
                    add = cases.values if name in ("variance", "std") and shape == () else case
                    add(name, lambda t, f=fn, d=dim, k=keep: f(t, d, keepdim=k), x, dim=dim, keepdim=keep)
            case("countNonzero", lambda t, d=dim: torch.count_nonzero(t, d), x.round(), dim=dim)
    for name in ["amax", "amin", "logsumexp"]:
        fn = getattr(torch, name)
        case(name, lambda t, f=fn: f(t, (0, -1)), randn(2, 3, 2), dim=[0, -1])
    for name in ["variance", "std"]:
        fn = everything[name]
        case(name, lambda t, f=fn: f(t, (0, 2), unbiased=False), randn(2, 3, 2), dim=[0, 2], correction=0)
        case(name, lambda t, f=fn: f(t, (1,), correction=2), randn(2, 4), dim=1, correction=2)
        case(name, lambda t, f=fn: f(t, 1, unbiased=False), torch.ones(2, 3), dim=1, correction=0)
        case(name, fn, randn(0))
    case("std", torch.std, values(1e4, 1e4 + 1, 1e4 + 2))
    zeros = torch.tensor([[2.0, 0.0, 3.0], [0.0, 0.0, 1.0], [1.0, 2.0, 3.0], [NAN, 1.0, 2.0]])
    case("prod", lambda t: t.prod(1), zeros, dim=1)
    case("prod", torch.prod, values(0, 2, 3))
    case("prod", torch.prod, ints(2, 3, -4))
    case("prod", torch.prod, bools(1, 1, 0))
    case("prod", torch.prod, randn(0))
    case("prod", lambda t: t.prod(0), randn(0, 3), dim=0)
    ties = torch.tensor([[1.0, 3.0, 3.0, 1.0], [2.0, 2.0, 0.0, 0.0]])
    for name in ["min", "argmin", "median"]:
        case(name, lambda t, f=one_dim[name]: f(t, 1, keepdim=False), ties, dim=1)
        case(name, everything[name], ints(3, 1, 2, 1))
        if name != "median":
            cases.values(name, everything[name], values(3, NAN, 1))
    for name in ["amax", "amin"]:
        case(name, lambda t, f=everything[name]: f(t, 1), ties, dim=1)
        case(name, everything[name], ints(3, -1, 2))
        case(name, everything[name], bools(1, 0))
        case(name, lambda t, f=everything[name]: f(t, 1), randn(0, 3), dim=1)
    case("median", torch.median, values(3, 1, 4, 2))
    case("median", lambda t: t.median(1).values, torch.tensor([[1.0, NAN, 2.0], [3.0, 1.0, 2.0]]).detach(), dim=1)
    for name in ["any", "all"]:
        fn = everything[name]
        case(name, fn, bools(0, 1))
        case(name, fn, torch.zeros(0, 2))
        case(name, lambda t, f=fn: f(t, 0), torch.zeros(0, 2), dim=0)
        case(name, lambda t, f=fn: f(t, 1), torch.tensor([[0.0, NAN], [1.0, 1.0], [0.0, 0.0]]), dim=1)
        case(name, fn, ints(0, 3))
    case("countNonzero", torch.count_nonzero, torch.tensor([[0.0, NAN], [1.0, 0.0]]))
    case("countNonzero", lambda t: torch.count_nonzero(t, (0, 1)), bools(1, 0, 1, 1).reshape(2, 2), dim=[0, 1])
    for p in (1, 2, 3, 1.5, 0.5, 0, INF, -INF):
        for dim, keep in [(None, False), (1, True), ([0, 1], False)]:
            params = {} if dim is None else {"dim": dim, "keepdim": keep}
            case("norm", lambda t, d=dim, k=keep: torch.norm(t, p, d, k) if d is not None else torch.norm(t, p), apart(3, 4), p=str(p), **params)
        case("norm", lambda t: torch.norm(t, p), values(3, 0, -4), p=str(p))
        case("norm", lambda t: torch.norm(t, p, 0), torch.zeros(2), p=str(p), dim=0)
    case("norm", lambda t: torch.norm(t, -1), values(3, 2, -4), p="-1")
    case("norm", lambda t: torch.norm(t, INF), values(3, -4, 4, 1), p="inf")
    case("norm", torch.norm, randn(0))
    case("logsumexp", lambda t: t.logsumexp(0), values(1000, 999, -1000), dim=0)
    case("logsumexp", lambda t: t.logsumexp(0), values(-INF, 1, 2), dim=0)
    case("logsumexp", lambda t: t.logsumexp(1), randn(2, 0), dim=1)
    case("logsumexp", lambda t: t.logsumexp(1), randn(0, 2), dim=1)
    case("logsumexp", lambda t: t.logsumexp(0), values(INF, 1).detach(), dim=0)
    return cases


def order():
    torch.manual_seed(13)
    case = (cases := Families()).add
    for shape in [(2, 3), (3, 4, 2), (), (1,), (0, 2), (6,)]:
        x = apart(*shape)
        for dim in {-1, 0, len(shape) - 2} if len(shape) > 1 else {-1, 0}:
            for name in ["cumsum", "cumprod"]:
                case(name, lambda t, f=getattr(torch, name), d=dim: f(t, d), x, dim=dim)
            for down in (False, True):
                case("sort", lambda t, d=dim, r=down: t.sort(d, r).values, x, dim=dim, descending=down)
                case("argsort", lambda t, d=dim, r=down: t.argsort(d, r), x, dim=dim, descending=down)
            k = min(2, shape[dim]) if shape else 1
            for largest in (True, False):
                case("topk", lambda t, d=dim, l=largest: t.topk(k, d, l).values, x, k=k, dim=dim, largest=largest)
                case("topkIndices", lambda t, d=dim, l=largest: t.topk(k, d, l).indices, x, k=k, dim=dim, largest=largest)
    case("cumprod", lambda t: t.cumprod(1), torch.tensor([[2.0, 0.0, 3.0, 4.0], [0.0, 2.0, 0.0, 3.0], [1.0, 2.0, 3.0, 0.0]]), dim=1)
    case("cumsum", lambda t: t.cumsum(0), ints(1, -2, 3), dim=0)
    case("cumsum", lambda t: t.cumsum(0), bools(1, 1, 0, 1), dim=0)
    case("cumprod", lambda t: t.cumprod(0), ints(2, -2, 3), dim=0)
    case("cumprod", lambda t: t.cumprod(0), bools(1, 1, 0, 1), dim=0)
    case("cumsum", lambda t: t.cumsum(0), values(1, INF, 2, -INF), dim=0)
    ties = values(2, 1, NAN, 2, 1, -INF, INF, 2, NAN)
    for down in (False, True):
        case("sort", lambda t, r=down: t.sort(stable=True, descending=r).values, ties, dim=-1, descending=down)
        case("argsort", lambda t, r=down: t.sort(stable=True, descending=r).indices, ties, dim=-1, descending=down)
        case("argsort", lambda t, r=down: t.sort(stable=True, descending=r).indices, ints(3, 1, 3, 1), dim=-1, descending=down)
        case("sort", lambda t, r=down: t.sort(descending=r).values, bools(1, 0, 1), dim=-1, descending=down)
    case("topk", lambda t: t.topk(0).values, randn(3), k=0, dim=-1, largest=True)
    case("topk", lambda t: t.topk(2).values, values(1, NAN, 3), k=2, dim=-1, largest=True)
    return cases


def tuples(params):
    return {k: tuple(v) if isinstance(v, list) else v for k, v in params.items()}


def camel(params):
    """The options as the engine calls them."""
    names = {"output_padding": "outputPadding", "ceil_mode": "ceilMode", "count_include_pad": "countIncludePad",
             "scale_factor": "scaleFactor", "align_corners": "alignCorners"}
    return {names.get(k, k): v for k, v in params.items()}


def convolutions():
    torch.manual_seed(14)
    case = (cases := Families()).add
    for x, w, params in [
        ((2, 1, 7), (3, 1, 3), {}), ((1, 4, 6), (2, 2, 2), {"groups": 2, "stride": 2}), ((2, 2, 5), (3, 2, 3), {"padding": 2, "dilation": 2}),
        ((3, 5), (2, 3, 1), {}), ((0, 2, 5), (1, 2, 2), {}), ((1, 1, 1), (1, 1, 1), {}), ((2, 3, 6), (3, 1, 4), {"padding": "same", "groups": 3}),
        ((2, 1, 6), (2, 1, 3), {"padding": "same", "dilation": 2}), ((1, 2, 6), (2, 2, 3), {"padding": "valid"}),
    ]:
        case("conv1d", lambda x, w, a=params: F.conv1d(x, w, **a), randn(*x), randn(*w), **params)
        case("conv1dBias", lambda x, w, b, a=params: F.conv1d(x, w, b, **a), randn(*x), randn(*w), randn(w[0]), **params)
    for x, w, params in [
        ((2, 1, 5, 4), (2, 1, 3, 3), {"padding": "same"}), ((1, 2, 4, 5), (2, 2, 2, 4), {"padding": "same"}),
        ((1, 1, 6, 6), (1, 1, 2, 3), {"padding": "same", "dilation": [3, 2]}), ((1, 2, 4, 4), (2, 2, 3, 3), {"padding": "valid"}),
        ((2, 4, 3), (2, 2, 2, 2), {"padding": "same"}),
    ]:
        case("conv2d", lambda x, w, a=tuples(params): F.conv2d(x, w, **a), randn(*x), randn(*w), **params)
    for x, w, params in [
        ((2, 3, 4), (3, 2, 3), {}), ((1, 2, 5), (2, 1, 2), {"stride": 2, "padding": 1}), ((1, 4, 3), (4, 2, 3), {"groups": 2, "dilation": 2}),
        ((2, 3), (2, 2, 3), {"stride": 3, "output_padding": 2}), ((1, 1, 3), (1, 1, 3), {"dilation": 3, "padding": 2, "output_padding": 2}),
    ]:
        case("convTranspose1d", lambda x, w, a=params: F.conv_transpose1d(x, w, **a), randn(*x), randn(*w), **camel(params))
    for x, w, params in [
        ((1, 2, 3, 3), (2, 3, 2, 2), {}), ((2, 1, 3, 2), (1, 2, 3, 3), {"stride": 2, "padding": 1, "output_padding": 1}),
        ((1, 4, 2, 3), (4, 1, 3, 2), {"groups": 4, "stride": [2, 1]}), ((1, 2, 2, 2), (2, 2, 3, 3), {"dilation": 2, "padding": 1}),
        ((1, 1, 1, 1), (1, 1, 4, 4), {"stride": 4}), ((1, 1, 2, 3), (1, 2, 2, 2), {"dilation": [3, 2], "output_padding": [2, 1], "padding": [0, 1]}),
        ((2, 3, 3), (2, 1, 2, 2), {"stride": 2}), ((0, 1, 2, 2), (1, 1, 2, 2), {}),
    ]:
        args = tuples(params)
        out = w[1] * params.get("groups", 1)
        case("convTranspose2d", lambda x, w, a=args: F.conv_transpose2d(x, w, **a), randn(*x), randn(*w), **camel(params))
        case("convTranspose2dBias", lambda x, w, b, a=args: F.conv_transpose2d(x, w, b, **a), randn(*x), randn(*w), randn(out), **camel(params))

    for shape, kernel, params in [
        ((1, 2, 5, 6), 2, {"ceil_mode": True}), ((1, 1, 7, 7), 3, {"stride": 2, "padding": 1, "ceil_mode": True}),
        ((2, 1, 4, 5), [2, 3], {"stride": [3, 2], "ceil_mode": True}), ((1, 1, 5, 5), 2, {"stride": 4, "padding": 1, "ceil_mode": True}),
        ((1, 1, 6, 6), 3, {"stride": 3, "padding": 1}), ((2, 5, 4), 2, {}), ((0, 1, 4, 4), 2, {}), ((1, 1, 1, 1), 1, {}),
    ]:
        args, size = tuples(params), tuple(kernel) if isinstance(kernel, list) else kernel
        case("maxPool2d", lambda x, s=size, a=args: F.max_pool2d(x, s, **a), apart(*shape), kernelSize=kernel, **camel(params))
        case("maxPool2dIndices", lambda x, s=size, a=args: F.max_pool2d(x, s, return_indices=True, **a)[1], apart(*shape), kernelSize=kernel,
             **camel(params))
        for include in (True, False):
            case("avgPool2d", lambda x, s=size, a=args, c=include: F.avg_pool2d(x, s, count_include_pad=c, **a), apart(*shape), kernelSize=kernel,
                 **camel({**params, "count_include_pad": include}))
    for shape, kernel, params in [((1, 1, 7, 7), 2, {"dilation": 3}), ((1, 2, 6, 5), [3, 2], {"dilation": [2, 1], "padding": 1, "stride": 1}),
                                  ((1, 1, 8, 8), 3, {"dilation": 2, "stride": 2, "padding": 1, "ceil_mode": True})]:
        args, size = tuples(params), tuple(kernel) if isinstance(kernel, list) else kernel
        case("maxPool2d", lambda x, s=size, a=args: F.max_pool2d(x, s, **a), apart(*shape), kernelSize=kernel, **camel(params))
        case("maxPool2dIndices", lambda x, s=size, a=args: F.max_pool2d(x, s, return_indices=True, **a)[1], apart(*shape), kernelSize=kernel,
             **camel(params))
    case("maxPool2d", lambda x: F.max_pool2d(x, 2), torch.tensor([[[[1.0, NAN], [3.0, 4.0]]]]), kernelSize=2)
    case("maxPool2d", lambda x: F.max_pool2d(x, 2), torch.tensor([[[[2.0, 2.0], [2.0, 2.0]]]]), kernelSize=2)
    for shape, kernel, params in [((2, 1, 7), 2, {}), ((1, 2, 7), 3, {"stride": 2, "padding": 1, "ceil_mode": True}), ((3, 6), 2, {"stride": 1})]:
        case("maxPool1d", lambda x, s=kernel, a=params: F.max_pool1d(x, s, **a), apart(*shape), kernelSize=kernel, **camel(params))
        case("maxPool1dIndices", lambda x, s=kernel, a=params: F.max_pool1d(x, s, return_indices=True, **a)[1], apart(*shape), kernelSize=kernel,
             **camel(params))
        for include in (True, False):
            case("avgPool1d", lambda x, s=kernel, a=params, c=include: F.avg_pool1d(x, s, count_include_pad=c, **a), apart(*shape),
                 kernelSize=kernel, **camel({**params, "count_include_pad": include}))
    case("maxPool1d", lambda x: F.max_pool1d(x, 2, dilation=2), apart(1, 1, 6), kernelSize=2, dilation=2)
    for shape, size in [((1, 2, 5, 7), [3, 2]), ((2, 1, 4, 6), 2), ((1, 1, 3, 3), 5), ((2, 4, 4), 1), ((1, 1, 7, 5), [7, 1])]:
        target = tuple(size) if isinstance(size, list) else size
        case("adaptiveAvgPool2d", lambda x, s=target: F.adaptive_avg_pool2d(x, s), apart(*shape), size=size)
        case("adaptiveMaxPool2d", lambda x, s=target: F.adaptive_max_pool2d(x, s), apart(*shape), size=size)
        case("adaptiveMaxPool2dIndices", lambda x, s=target: F.adaptive_max_pool2d(x, s, return_indices=True)[1], apart(*shape), size=size)
    for shape, size in [((2, 3, 7), 3), ((1, 1, 4), 2), ((2, 5), 1)]:
        case("adaptiveAvgPool1d", lambda x, s=size: F.adaptive_avg_pool1d(x, s), apart(*shape), size=size)
        case("adaptiveMaxPool1d", lambda x, s=size: F.adaptive_max_pool1d(x, s), apart(*shape), size=size)

    for shape, kernel, params in [((2, 2, 4, 5), 2, {}), ((1, 1, 5, 5), [3, 2], {"stride": 2, "padding": [1, 0]}),
                                  ((1, 2, 5, 4), 2, {"dilation": 2, "padding": 1}), ((1, 3, 3), 2, {}), ((0, 1, 3, 3), 2, {})]:
        args, size = tuples(params), tuple(kernel) if isinstance(kernel, list) else kernel
        image = randn(*shape)
        columns = F.unfold(image, size, **args)
        if shape[0] > 0:
            case("unfold", lambda x, s=size, a=args: F.unfold(x, s, **a), image, kernelSize=kernel, **params)
            case("fold", lambda x, s=size, a=args, o=shape[-2:]: F.fold(x, o, s, **a), randn(*columns.shape), size=list(shape[-2:]),
                 kernelSize=kernel, **params)
    for shape, params in [
        ((1, 2, 3, 4), {"size": [5, 7]}), ((1, 1, 4, 4), {"size": 2}), ((1, 1, 3, 3), {"scale_factor": 1.5}), ((2, 1, 2, 5), {"scale_factor": [2, 0.5]}),
        ((1, 1, 7, 7), {"scale_factor": 0.4}),
    ]:
        for mode in ("nearest", "bilinear"):
            case("interpolate", lambda x, a=tuples(params), m=mode: F.interpolate(x, mode=m, **a), randn(*shape), mode=mode, **camel(params))
    case("interpolate", lambda x: F.interpolate(x, scale_factor=1.5, mode="bilinear", align_corners=True), randn(1, 1, 3, 4), mode="bilinear",
         scaleFactor=1.5, alignCorners=True)
    for shape, params in [((2, 3, 4), {"size": 7}), ((1, 1, 5), {"scale_factor": 0.5}), ((1, 2, 3), {"scale_factor": 2.5})]:
        for mode in ("nearest", "linear"):
            case("interpolate", lambda x, a=params, m=mode: F.interpolate(x, mode=m, **a), randn(*shape), mode=mode, **camel(params))
        case("interpolate", lambda x, a=params: F.interpolate(x, mode="linear", align_corners=True, **a), randn(*shape), mode="linear",
             alignCorners=True, **camel(params))
    return cases


def movement():
    torch.manual_seed(15)
    case = (cases := Families()).add
    for shape in [(5,), (2, 5), (5, 2, 3), (1,), (0, 3)]:
        for dim in {0, -1}:
            x = randn(*shape)
            case("split", lambda t, d=dim: torch.cat([p * (i + 1) for i, p in enumerate(t.split(2, d))], d), x, size=2, dim=dim)
            case("chunk", lambda t, d=dim: torch.cat([p * (i + 1) for i, p in enumerate(t.chunk(3, d))], d), x, chunks=3, dim=dim)
            if shape[dim] > 0:
                case("unbind", lambda t, d=dim: sum(p * (i + 1) for i, p in enumerate(t.unbind(d))), x, dim=dim)
            case("flip", lambda t, d=dim: t.flip(d), x, dims=[dim])
            for shift in (1, -2, 7):
                case("roll", lambda t, d=dim, s=shift: t.roll(s, d), x, shifts=shift, dims=dim)
            case("repeatInterleave", lambda t, d=dim: t.repeat_interleave(3, d), x, repeats=3, dim=dim)
        case("rollFlat", lambda t: t.roll(2), randn(*shape), shifts=2)
        case("repeatInterleave", lambda t: t.repeat_interleave(2), randn(*shape), repeats=2)
        case("repeat", lambda t, s=shape: t.repeat(*(2 for _ in s)), randn(*shape), repeats=[2 for _ in shape])
        case("repeat", lambda t, s=shape: t.repeat(2, *(1 for _ in s)), randn(*shape), repeats=[2] + [1 for _ in shape])
    case("repeat", lambda t: t.repeat(2, 3), randn(), repeats=[2, 3])
    case("repeat", lambda t: t.repeat(0, 3), randn(2, 1), repeats=[0, 3])
    case("repeatInterleave", lambda t: t.repeat_interleave(2), randn(), repeats=2)
    case("split", lambda t: torch.cat([p * (i + 1) for i, p in enumerate(t.split([1, 0, 3], 1))], 1), randn(2, 4), size=[1, 0, 3], dim=1)
    case("flip", lambda t: t.flip(0, 2), randn(2, 3, 4), dims=[0, 2])
    case("flip", lambda t: t.flip(()), randn(), dims=[])
    case("flip", lambda t: t.flip(0), ints(1, 2, 3), dims=[0])
    case("roll", lambda t: t.roll((1, -1), (0, 1)), randn(3, 4), shifts=[1, -1], dims=[0, 1])
    for source, target in [(0, -1), (1, 0), ([0, 1], [2, 0]), ([-1], [0]), ([2, 0, 1], [0, 1, 2])]:
        case("movedim", lambda t, s=source, d=target: t.movedim(s, d), randn(2, 3, 4), source=source, destination=target)
    for shape in [(3, 3), (2, 4), (4, 2), (2, 3, 3), (1, 1), (0, 3)]:
        for k in (-1, 0, 2):
            case("tril", lambda t, k=k: t.tril(k), randn(*shape), offset=k)
            case("triu", lambda t, k=k: t.triu(k), randn(*shape), offset=k)
    case("tril", torch.tril, torch.ones(3, 3) > 0)
    case("triu", torch.triu, torch.arange(9).reshape(3, 3))
    case("tril", torch.tril, torch.tensor([[NAN, INF], [1.0, NAN]]).detach())
    for shape in [(3,), (1,), (0,), (3, 4), (4, 2)]:
        for k in (0, 1, -2):
            case("diag", lambda t, k=k: t.diag(k), randn(*shape), offset=k)
    for shape, k, a, b in [((3, 4), 0, 0, 1), ((3, 4), 1, 0, 1), ((3, 4), -1, 1, 0), ((2, 3, 4), 1, 1, 2), ((2, 3, 4), -1, -1, 0), ((2, 2), 2, 0, 1),
                           ((0, 3), 0, 0, 1)]:
        case("diagonal", lambda t, k=k, a=a, b=b: t.diagonal(k, a, b), randn(*shape), offset=k, dim1=a, dim2=b)
    for order_ in ("ij", "xy"):
        for sizes in [(2, 3), (3,), (2, 1, 4), (2, 0)]:
            case("meshgrid", lambda *t, o=order_: torch.stack(torch.meshgrid(*t, indexing=o)), *(randn(n) for n in sizes), indexing=order_)
    case("meshgrid", lambda *t: torch.stack(torch.meshgrid(*t, indexing="ij")), randn(), randn(3), indexing="ij")
    case("broadcastTo", lambda t: t.broadcast_to((2, 3, 4)), randn(3, 1), shape=[2, 3, 4])
    case("broadcastTo", lambda t: t.broadcast_to((2, 2)), randn(), shape=[2, 2])
    for shape, dim, size, step in [((5,), 0, 2, 1), ((2, 6), 1, 3, 2), ((6, 2), 0, 2, 3), ((4, 3), -1, 3, 1), ((3, 4, 2), 1, 1, 2)]:
        case("unfold", lambda t, d=dim, s=size, p=step: t.unfold(d, s, p), randn(*shape), dim=dim, size=size, step=step)
    for shape, padding in [((1, 2, 4), [1, 2]), ((2, 1, 3, 4), [1, 2, 2, 0]), ((2, 3), [2, 1]), ((1, 1, 3, 3), [0, 0, 1, 1])]:
        for mode in ("reflect", "replicate", "circular"):
            if len(shape) == 2 and mode == "circular":
                continue
            case("pad", lambda t, p=padding, m=mode: F.pad(t, p, mode=m), randn(*shape), padding=padding, mode=mode)
    for padding in ([-1, 2], [-1, -1, 0, 1], [0, -3]):
        case("pad", lambda t, p=padding: F.pad(t, p, value=7), randn(2, 3), padding=padding, mode="constant", value="7")
    case("pad", lambda t: F.pad(t, (1, 1), value=-INF), randn(2, 2), padding=[1, 1], mode="constant", value="-inf")
    return cases


def indexing():
    torch.manual_seed(16)
    case = (cases := Families()).add
    case("scatter", lambda t, i, s: t.scatter(1, i, s), randn(2, 4), torch.tensor([[0, 2], [3, 1]]), randn(2, 2), dim=1)
    case("scatter", lambda t, i, s: t.scatter(0, i, s), randn(3, 2, 2), torch.tensor([[[2, 0]], [[1, 1]]]), randn(2, 1, 2), dim=0)
    case("scatter", lambda t, i, s: t.scatter(-1, i, s), randn(4), torch.tensor([3, 1]), randn(2), dim=-1)
    case("scatter", lambda t, i, s: t.scatter(0, i, s), ints(1, 2, 3), ints(2), ints(7), dim=0)
    case("scatter", lambda t, i, s: t.scatter(0, i, s), randn(3), torch.zeros(0, dtype=torch.int64), randn(0), dim=0)
    case("scatterValue", lambda t, i: t.scatter(1, i, 2.5), randn(2, 4), torch.tensor([[0, 2], [3, 3]]), dim=1, value=2.5)
    case("scatterValue", lambda t, i: t.scatter(0, i, 9), ints(1, 2, 3), ints(0, 2), dim=0, value=9)
    for x, mask in [((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (2, 3)), ((), (2,)), ((), ()), ((0, 2), (2,))]:
        case("maskedSelect", torch.masked_select, randn(*x), randn(*mask) > -0.3)
    case("maskedSelect", torch.masked_select, ints(1, 2, 3), bools(0, 0, 0))
    for shape in [(2, 3), (5,), (), (0, 2), (2, 2, 2)]:
        case("nonzero", torch.nonzero, randn(*shape).round())
    case("nonzero", torch.nonzero, values(0, NAN, -0.0, 1))
    case("nonzero", torch.nonzero, bools(1, 0, 1))
    case("bincount", torch.bincount, ints(0, 3, 1, 3))
    case("bincount", torch.bincount, torch.zeros(0, dtype=torch.int64))
    case("bincount", lambda t: t.bincount(minlength=6), ints(0, 3, 1, 3), minlength=6)
    case("bincount", lambda t, w: t.bincount(w, minlength=3).float(), ints(1, 1, 0), ints(5, 6, 7), minlength=3)
    for x in [values(3, 1, 3, 2, 1), torch.tensor([[2, 1], [2, 0]]), bools(1, 0, 1), values(0), randn(0), values(INF, -INF, 0, INF)]:
        case("unique", lambda t: t.detach().unique(), x)
        case("uniqueInverse", lambda t: t.detach().unique(return_inverse=True)[1], x)
        case("uniqueCounts", lambda t: t.detach().unique(return_counts=True)[1], x)
    case("dot", torch.dot, randn(4), randn(4))
    case("dot", torch.dot, randn(0), randn(0))
    case("dot", torch.dot, ints(1, 2), ints(3, 4))
    for a, b in [((2, 3), (3,)), ((0, 3), (3,)), ((2, 0), (0,))]:
        case("mv", torch.mv, randn(*a), randn(*b))
    for a, b in [((2, 3, 4), (2, 4, 1)), ((0, 2, 3), (0, 3, 2)), ((1, 1, 1), (1, 1, 1))]:
        case("bmm", torch.bmm, randn(*a), randn(*b))
    for a, b in [((2,), (3,)), ((1,), (0,))]:
        case("outer", torch.outer, randn(*a), randn(*b))
    for equation, *shapes in [
        ("ij,jk->ik", (2, 3), (3, 4)), ("ij,jk", (2, 3), (3, 4)), ("ij,kj->ki", (2, 3), (4, 3)), ("i,i", (3,), (3,)), ("i,i->i", (3,), (3,)),
        ("i,j->ij", (2,), (3,)), ("i,j->ji", (2,), (3,)), ("ij->ji", (2, 3)), ("ba", (2, 3)), ("ij->", (2, 3)), ("ij->j", (2, 3)), ("ii", (3, 3)),
        ("ii->i", (3, 3)), ("iij->j", (2, 2, 3)), ("iji->ij", (2, 3, 2)), ("iii->i", (2, 2, 2)), ("bij,bjk->bik", (2, 3, 2), (2, 2, 4)),
        ("bhqd,bhkd->bhqk", (2, 2, 3, 2), (2, 2, 4, 2)), ("...ij,...jk->...ik", (2, 1, 3, 2), (4, 2, 3)), ("...ij->...ji", (2, 3, 4)),
        ("...", (2, 3)), ("i...->...", (2, 3)), ("i...,i...->...", (2, 3), (2, 1)), ("...i,i", (2, 3), (3,)), ("ij,ij->ij", (2, 3), (2, 1)),
        ("ij,jk->ik", (2, 1), (3, 4)), ("ij,jk,kl->il", (2, 3), (3, 2), (2, 4)), ("i,j,k->kji", (2,), (3,), (2,)), ("ij,jk,ki->", (2, 3), (3, 2), (2, 2)),
        ("ij,j,i->", (2, 3), (3,), (2,)), ("ab,cb,b->ac", (2, 3), (2, 3), (3,)), (",ij->ij", (), (2, 2)), ("->", ()), ("i,->i", (3,), ()),
        ("ij,jk->ik", (2, 0), (0, 3)), ("ij,jk->ik", (0, 2), (2, 3)), (" i j , j k -> i k ", (1, 2), (2, 1)), ("Ab,bA->A", (2, 3), (3, 2)),
        ("bA", (2, 3)), ("bnd,ndh->bnh", (2, 2, 3), (2, 3, 2)), ("nchw,oc->nohw", (1, 2, 2, 3), (3, 2)), ("ij,kl->ijkl", (2, 1), (1, 2)),
        ("ik,jk,ij->k", (2, 3), (2, 3), (2, 2)), ("ijk,ijk->", (2, 2, 2), (2, 2, 2)), ("ij->i", (2, 3)), ("...ij,ij->...", (2, 2, 3), (2, 3)),
        ("ij,...j->...i", (2, 3), (4, 2, 3)),
    ]:
        case("einsum", lambda *t, e=equation: torch.einsum(e, *t), *(randn(*s) for s in shapes), equation=equation)
    case("einsum", lambda *t: torch.einsum("ij,jk->ik", *t), torch.arange(6).reshape(2, 3), torch.arange(6).reshape(3, 2), equation="ij,jk->ik")
    return cases


def classification():
    torch.manual_seed(17)
    case = (cases := Families()).add
    factors = values(0.5, 1, 2)
    for reduction in ("mean", "sum", "none"):
        r = {"reduction": reduction}
        for shape, labels in [((4, 3), ints(0, 2, -100, 1)), ((2, 3, 2), torch.tensor([[0, 1], [-100, 2]])), ((3,), torch.tensor(1))]:
            case("nllLoss", lambda x, t: F.nll_loss(x, t, **r), randn(*shape), labels, **r)
            case("nllLossWeighted", lambda x, t: F.nll_loss(x, t, factors, **r), randn(*shape), labels, **r)
            case("crossEntropyWeighted", lambda x, t: F.cross_entropy(x, t, factors, **r), randn(*shape), labels, **r)
            for smooth in (0.1, 1.0):
                s = {**r, "label_smoothing": smooth}
                p = {**r, "labelSmoothing": smooth}
                case("crossEntropy", lambda x, t: F.cross_entropy(x, t, **s), randn(*shape), labels, **p)
                case("crossEntropyWeighted", lambda x, t: F.cross_entropy(x, t, factors, **s), randn(*shape), labels, **p)
        labels = ints(0, 2, 1, 1)
        case("crossEntropy", lambda x, t: F.cross_entropy(x, t, ignore_index=1, **r), randn(4, 3), labels, ignoreIndex=1, **r)
        case("crossEntropyWeighted", lambda x, t: F.cross_entropy(x, t, factors, ignore_index=1, label_smoothing=0.2, **r), randn(4, 3), labels,
             ignoreIndex=1, labelSmoothing=0.2, **r)
        for shape in [(4, 3), (2, 3, 2), (3,), (0, 3)]:
            classes = 0 if len(shape) == 1 else 1
            probabilities = randn(*shape).softmax(classes)
            case("crossEntropy", lambda x, t: F.cross_entropy(x, t, **r), randn(*shape) * 2, probabilities, **r)
            case("crossEntropyWeighted", lambda x, t: F.cross_entropy(x, t, factors, label_smoothing=0.3, **r), randn(*shape), probabilities,
                 labelSmoothing=0.3, **r)
    case("crossEntropy", lambda x, t: F.cross_entropy(x, t), values(1e4, -1e4, 0)[None].clone(), ints(1), reduction="mean")
    cases.values("nllLoss", lambda x, t: F.nll_loss(x, t), randn(2, 3), ints(-100, -100), reduction="mean")
    case("nllLoss", lambda x, t: F.nll_loss(x, t, reduction="sum"), randn(2, 3), ints(-100, -100), reduction="sum")
    for shape, dim in [((), 0), ((), -1), ((1,), 0), ((0,), 0), ((3, 0), 0), ((3, 0), 1), ((3, 0), -1), ((2, 1, 3), 1), ((2, 3, 2), 0), ((5, 2), -2)]:
        case("softmax", lambda t, d=dim: t.softmax(d), randn(*shape), dim=dim)
        case("logSoftmax", lambda t, d=dim: t.log_softmax(d), randn(*shape), dim=dim)
    for x in [values(-INF, 1, 2), values(-INF, -INF), values(NAN, 1), values(INF, 1), values(3e38, -3e38)]:
        cases.values("softmax", lambda t: t.softmax(0), x, dim=0)
        cases.values("logSoftmax", lambda t: t.log_softmax(0), x, dim=0)
    case("softmax", lambda t: t.softmax(0), values(-INF, 1, 2), dim=0)
    return cases


if __name__ == "__main__":
    for family in (elementary, activations, reductions, order, convolutions, movement, indexing, classification):
        write(family.__name__, family())
