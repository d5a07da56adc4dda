#!/usr/bin/python3
"""Makes the golden values of this folder with PyTorch (Debian: apt install python3-torch; version 1.13).

    /usr/bin/python3 test/reference/make-goldens.py

Each golden file is one table that a test beside it walks through. Families of their own have scripts of their own beside it.
"""

import gzip
import os

import numpy as np
import torch
import torch.nn.functional as F
from golden_cases import HERE, Cases, apart, pack, randn, write
from torch import nn

CASES = Cases()
case = CASES.add


def ops():
    torch.manual_seed(0)
    pairs = [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 2)), ((4, 1, 2), (3, 1)), ((0, 3), (1, 3)), ((), ()),
             ((2, 3, 4), (3, 1)), ((1,), (5,))]
    for a, b in pairs:
        case("add", torch.add, randn(*a), randn(*b))
        case("sub", torch.sub, randn(*a), randn(*b))
        case("mul", torch.mul, randn(*a), randn(*b))
        case("div", torch.div, randn(*a), randn(*b).abs() + 0.5)
        case("pow", torch.pow, randn(*a).abs() + 0.2, randn(*b))
        case("maximum", torch.maximum, randn(*a), randn(*b))
        case("eq", torch.eq, randn(*a).round(), randn(*b).round())
        case("gt", torch.gt, randn(*a), randn(*b))
        case("lt", torch.lt, randn(*a), randn(*b))
        case("where", torch.where, randn(*b) > 0, randn(*a), randn(*b))
    ints = torch.tensor([[1, -2, 3], [4, 5, -6]])
    case("add", torch.add, ints, torch.tensor([10, 20, 30]))
    case("div", torch.div, ints, torch.tensor([2, 4, 7]))
    case("mul", torch.mul, ints, randn(3))
    case("maximum", torch.maximum, torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 5.0, 3.0]))
    case("pow", torch.pow, torch.tensor([0.0, 0.0, -2.0, -2.0, 3.0]), torch.tensor([2.0, 0.0, 2.0, 3.0, 0.0]))
    for exponent in (2, 3, 0.5, -1, 0, 1):
        case("powScalar", lambda x, e=exponent: x**e, randn(2, 3).abs() + 0.1, exponent=exponent)
    for shape in [(2, 3), (), (0,), (1, 1, 5), (3, 4, 2)]:
        for name in ["neg", "exp", "abs", "tanh", "sigmoid", "relu"]:
            case(name, getattr(torch, name), randn(*shape) * 2)
        for name in ["log", "sqrt"]:
            case(name, getattr(torch, name), randn(*shape).abs() + 0.1)
    case("abs", torch.abs, torch.tensor([-1.0, 0.0, 2.0]))
    case("relu", torch.relu, torch.tensor([-1.0, 0.0, 2.0]))
    case("neg", torch.neg, ints)

    for shape in [(2, 3), (3, 4, 2), (), (1,), (2, 1, 3)]:
        x = apart(*shape)
        case("sum", torch.sum, x)
        case("mean", torch.mean, x)
        case("max", torch.max, x)
        case("argmax", torch.argmax, x)
        for dim in range(-1, len(shape)):
            for keep in (False, True):
                case("sum", lambda t, d=dim, k=keep: t.sum(d, keepdim=k), x, dim=dim, keepdim=keep)
                case("mean", lambda t, d=dim, k=keep: t.mean(d, keepdim=k), x, dim=dim, keepdim=keep)
                case("max", lambda t, d=dim, k=keep: t.max(d, keepdim=k).values, x, dim=dim, keepdim=keep)
                case("argmax", lambda t, d=dim, k=keep: t.argmax(d, keepdim=k), x, dim=dim, keepdim=keep)
    case("sum", lambda t: t.sum((0, 2)), randn(3, 4, 2), dim=[0, 2])
    case("mean", lambda t: t.mean((-1, 0), keepdim=True), randn(3, 4, 2), dim=[-1, 0], keepdim=True)
    case("sum", lambda t: t.sum(0), randn(0, 3), dim=0)
    case("sum", torch.sum, ints)
    case("sum", torch.sum, ints > 0)
    case("max", torch.max, torch.tensor([1.0, 3.0, 3.0, 2.0]))
    case("max", lambda t: t.max(1).values, torch.tensor([[1.0, 3.0, 3.0], [2.0, 2.0, 0.0]]), dim=1)
    case("argmax", lambda t: t.argmax(0), ints, dim=0)

    case("reshape", lambda t: t.reshape(3, 2), randn(2, 3), shape=[3, 2])
    case("reshape", lambda t: t.reshape(-1), randn(2, 3), shape=[-1])
    case("reshape", lambda t: t.reshape(()), randn(1, 1), shape=[])
    case("reshape", lambda t: t.reshape(0, 5), randn(5, 0), shape=[0, 5])
    case("permute", lambda t: t.permute(2, 0, 1), randn(2, 3, 4), dims=[2, 0, 1])
    case("permute", lambda t: t.permute(1, 0), randn(1, 4), dims=[1, 0])
    case("permute", lambda t: t.permute(3, 1, 0, 2), randn(2, 3, 1, 2), dims=[3, 1, 0, 2])
    case("transpose", lambda t: t.transpose(-1, 0), randn(2, 3, 2), dim0=-1, dim1=0)
    case("expand", lambda t: t.expand(2, 3, 4), randn(3, 1), shape=[2, 3, 4])
    case("expand", lambda t: t.expand(2, -1), randn(1, 3), shape=[2, -1])
    case("flatten", lambda t: t.flatten(1), randn(2, 3, 2), startDim=1)
    case("unsqueeze", lambda t: t.unsqueeze(1), randn(2, 3), dim=1)
    case("squeeze", lambda t: t.squeeze(0), randn(1, 3, 1), dim=0)
    case("narrow", lambda t: t.narrow(1, 1, 2), randn(2, 4, 2), dim=1, start=1, length=2)
    case("narrow", lambda t: t.narrow(0, 2, 0), randn(3, 2), dim=0, start=2, length=0)
    case("select", lambda t: t.select(1, -1), randn(2, 3, 2), dim=1, index=-1)
    case("select", lambda t: t.select(0, 0), randn(3), dim=0, index=0)
    case("pad", lambda t: F.pad(t, (1, 2)), randn(2, 3), padding=[1, 2])
    case("pad", lambda t: F.pad(t, (0, 1, 2, 0), value=7), randn(1, 2, 3, 2), padding=[0, 1, 2, 0], value=7)
    case("cat", lambda *t: torch.cat(t, 1), randn(2, 3), randn(2, 1), randn(2, 2), dim=1)
    case("cat", lambda *t: torch.cat(t, 0), randn(2, 2, 2), randn(0, 2, 2), dim=0)
    case("cat", lambda *t: torch.cat(t, -1), randn(2, 2), randn(2, 2), dim=-1)
    case("stack", lambda *t: torch.stack(t, 1), randn(2, 3), randn(2, 3), dim=1)
    case("stack", lambda *t: torch.stack(t, -1), randn(), randn(), dim=-1)

    case("gather", lambda t, i: t.gather(1, i), randn(2, 3), torch.tensor([[0, 2, 2, 1], [1, 1, 0, 0]]), dim=1)
    case("gather", lambda t, i: t.gather(0, i), randn(3, 2, 2), torch.randint(0, 3, (2, 1, 2)), dim=0)
    case("scatterAdd", lambda t, i, s: t.scatter_add(1, i, s), randn(2, 3), torch.tensor([[0, 2, 2, 1], [1, 1, 0, 0]]), randn(2, 4), dim=1)
    case("indexSelect", lambda t, i: t.index_select(0, i), randn(4, 3), torch.tensor([3, 0, 3]), dim=0)
    case("indexSelect", lambda t, i: t.index_select(-1, i), randn(2, 3), torch.tensor([2, 1]), dim=-1)
    case("indexAdd", lambda t, i, s: t.index_add(1, i, s), randn(2, 3), torch.tensor([2, 0, 2]), randn(2, 3), dim=1)
    case("oneHot", lambda i: F.one_hot(i, 4), torch.tensor([[0, 3], [2, 1]]), classes=4)

    shapes = [((2, 3), (3, 4)), ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 2, 3), (2, 3, 2)), ((2, 1, 2, 3), (3, 3, 2)),
              ((4, 2, 3), (3,)), ((3,), (2, 3, 2)), ((0, 3), (3, 2)), ((2, 0), (0, 3)), ((1, 1), (1, 1)), ((7, 9), (9, 6))]
    for a, b in shapes:
        case("matmul", torch.matmul, randn(*a), randn(*b))

    convs = [
        ((2, 1, 5, 5), (3, 1, 3, 3), {}),
        ((1, 2, 6, 5), (4, 2, 3, 2), {"stride": [2, 1], "padding": [1, 0]}),
        ((2, 3, 7, 7), (2, 3, 3, 3), {"dilation": 2, "padding": 2}),
        ((2, 4, 5, 5), (6, 2, 3, 3), {"groups": 2, "padding": 1}),
        ((1, 3, 4, 4), (3, 1, 2, 2), {"groups": 3, "stride": 2}),
        ((3, 2, 3, 3), (5, 2, 3, 3), {}),
        ((1, 1, 4, 4), (1, 1, 1, 1), {"stride": 3}),
        ((2, 2, 5, 4), (2, 2, 2, 3), {"stride": [2, 2], "padding": [1, 2], "dilation": [2, 1]}),
        ((0, 1, 4, 4), (2, 1, 3, 3), {}),
    ]
    for x, w, params in convs:
        args = {k: tuple(v) if isinstance(v, list) else v for k, v in params.items()}
        case("conv2d", lambda x, w, a=args: F.conv2d(x, w, **a), randn(*x), randn(*w), **params)
        case("conv2dBias", lambda x, w, b, a=args: F.conv2d(x, w, b, **a), randn(*x), randn(*w), randn(w[0]), **params)
    case("conv2d", lambda x, w: F.conv2d(x, w, padding=1), randn(2, 4, 4), randn(3, 2, 3, 3), padding=1)

    pools = [
        ((2, 2, 4, 4), 2, {}),
        ((1, 1, 5, 5), 3, {"stride": 2, "padding": 1}),
        ((1, 2, 5, 4), [2, 3], {"stride": [1, 2]}),
        ((1, 1, 6, 6), 3, {"stride": 1}),
        ((2, 1, 3, 3), 3, {}),
    ]
    for shape, kernel, params in pools:
        args = {k: tuple(v) if isinstance(v, list) else v for k, v in params.items()}
        size = tuple(kernel) if isinstance(kernel, list) else kernel
        for name, fn in [("maxPool2d", F.max_pool2d), ("avgPool2d", F.avg_pool2d)]:
            case(name, lambda x, f=fn, s=size, a=args: f(x, s, **a), apart(*shape), kernelSize=kernel, **params)
    for shape, size, align in [((1, 1, 8, 8), 32, False), ((1, 2, 2, 3), [5, 4], False), ((1, 1, 2, 3), [5, 4], True),
                               ((1, 1, 4, 4), 2, False), ((1, 1, 1, 1), 3, True), ((2, 1, 3, 3), [1, 7], True)]:
        target = tuple(size) if isinstance(size, list) else (size, size)
        case("interpolate", lambda x, s=target, a=align: F.interpolate(x, size=s, mode="bilinear", align_corners=a), randn(*shape),
             size=size, alignCorners=align)

    for shape, dim in [((2, 3), 1), ((2, 3), 0), ((4,), 0), ((2, 3, 2), 1), ((1, 1), -1), ((0, 3), 1)]:
        case("softmax", lambda t, d=dim: t.softmax(d), randn(*shape) * 3, dim=dim)
        case("logSoftmax", lambda t, d=dim: t.log_softmax(d), randn(*shape) * 3, dim=dim)
    case("softmax", lambda t: t.softmax(0), torch.tensor([1000.0, 999.0, -1000.0]), dim=0)
    case("logSoftmax", lambda t: t.log_softmax(0), torch.tensor([1000.0, 999.0, -1000.0]), dim=0)
    for reduction in ("mean", "sum", "none"):
        for scores, target in [((4, 3), (4,)), ((2, 3, 2), (2, 2)), ((1, 5), (1,)), ((3,), ())]:
            labels = torch.randint(0, scores[1] if len(scores) > 1 else scores[0], target)
            case("nllLoss", lambda t, l, r=reduction: F.nll_loss(t, l, reduction=r), randn(*scores), labels, reduction=reduction)
            case("crossEntropy", lambda t, l, r=reduction: F.cross_entropy(t, l, reduction=r), randn(*scores) * 2, labels, reduction=reduction)
        case("mseLoss", lambda a, b, r=reduction: F.mse_loss(a, b, reduction=r), randn(3, 2), randn(3, 2), reduction=reduction)
    case("linear", F.linear, randn(2, 3), randn(4, 3), randn(4))
    case("linear", F.linear, randn(2, 5, 3), randn(4, 3), randn(4))
    case("linear", F.linear, randn(3), randn(4, 3), randn(4))
    return CASES


def random():
    out = {"uniform": [], "normal": [], "permutation": [], "randint": [], "loader": []}
    for seed in (0, 42, 2**32 + 5):
        torch.manual_seed(seed)
        out["uniform"].append({"seed": seed, "values": torch.rand(700).tolist()[::7]})
        for n in (1, 5, 15, 16, 37):
            torch.manual_seed(seed)
            out["normal"].append({"seed": seed, "values": torch.randn(n).tolist()})
        torch.manual_seed(seed)
        out["permutation"].append({"seed": seed, "values": torch.randperm(25).tolist()})
        torch.manual_seed(seed)
        out["randint"].append({"seed": seed, "values": torch.randint(-3, 9, (20,)).tolist()})
    data = torch.utils.data.TensorDataset(torch.arange(10))
    for own in (False, True):
        torch.manual_seed(3)
        generator = torch.Generator().manual_seed(11) if own else None
        loader = torch.utils.data.DataLoader(data, batch_size=4, shuffle=True, generator=generator)
        passes = [[batch[0].tolist() for batch in loader] for _ in range(3)]
        out["loader"].append({"own": own, "epochs": passes, "after": torch.rand(2).tolist()})
    torch.manual_seed(9)
    parts = torch.utils.data.random_split(data, [7, 3])
    out["split"] = {"seed": 9, "parts": [list(p.indices) for p in parts]}
    return out


def layers():
    """Initial weights of layers as hexadecimal float32 bits: equal bit for bit."""
    out = []
    for name, make in [
        ("Linear(3, 2)", lambda: nn.Linear(3, 2)),
        ("Linear(784, 3)", lambda: nn.Linear(784, 3)),
        ("Linear(5, 4, bias=False)", lambda: nn.Linear(5, 4, bias=False)),
        ("Conv2d(3, 4, 3)", lambda: nn.Conv2d(3, 4, 3)),
        ("Conv2d(4, 6, (1, 2), groups=2)", lambda: nn.Conv2d(4, 6, (1, 2), groups=2)),
    ]:
        torch.manual_seed(7)
        out.append({"name": name, "text": str(make()), "state": bits(reseeded(make))})
    return out


def reseeded(make):
    torch.manual_seed(7)
    return make()


def bits(model):
    return {k: v.numpy().tobytes().hex() for k, v in model.state_dict().items()}


def prints():
    torch.manual_seed(5)
    r = torch.arange(12.0)
    tensors = [
        torch.tensor(3.0), torch.tensor([1.0, 2.0]), torch.tensor([[1.0, 2.5], [-3.0, 4.0]]), torch.tensor([1e-5, 1.0]),
        torch.tensor([1e9, 1.0]), torch.tensor([100000.0, 1.0]), torch.tensor([float("nan"), float("inf"), -float("inf"), 1.0]),
        torch.tensor([float("nan"), 1.5]), torch.zeros(2, 0), torch.zeros(0), torch.zeros(3), torch.tensor([0.0, -0.0]),
        r.reshape(2, 3, 2), r.reshape(1, 2, 2, 3) / 3, torch.arange(40.0) / 7, torch.arange(2000.0), torch.randn(40, 40),
        torch.arange(1200.0).reshape(2, 3, 200), torch.tensor(1.5), torch.tensor(1e-7), torch.tensor([123456.789, 0.5]),
        torch.rand(10, 12, 10), torch.tensor([[0.1, 0.22222], [100.5, -7.0]]),
        torch.tensor([True, False]), torch.tensor([[True], [True]]), torch.tensor(False), torch.tensor([1, -20, 300]),
        torch.tensor(7), torch.arange(1500), torch.arange(30).reshape(5, 6) * 1000, torch.rand(2, 3, 3, 3),
        torch.tensor([2.5, 3.5]) * 1e-3, torch.tensor([0.00012, 0.00013]), torch.full((3, 3), 1 / 3), torch.rand(1001),
    ]
    return [{"tensor": pack(t), "text": str(t)} for t in tensors]


def digits():
    path = os.path.join(HERE, "../../engine/data/assets/digits.csv.gz")
    rows = np.loadtxt(gzip.open(path), delimiter=",")
    images = torch.tensor(rows[:, :64] / 16, dtype=torch.float32).reshape(-1, 1, 8, 8)
    return F.interpolate(images, size=32, mode="bilinear", align_corners=False), torch.tensor(rows[:, 64]).long()


def lenet():
    images, labels = digits()
    torch.manual_seed(42)
    train, _ = torch.utils.data.random_split(torch.utils.data.TensorDataset(images, labels), [1437, 360])
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))
    names = ["c1", "tanh1", "s2", "c3", "tanh3", "s4", "c5", "tanh5", "flatten", "f6", "tanh6", "output"]
    import hashlib

    initial = {}
    for key, value in model.state_dict().items():
        index, kind = key.split(".")
        raw = value.numpy().tobytes()
        initial[f"{names[int(index)]}.{kind}"] = {"shape": list(value.shape), "sha256": hashlib.sha256(raw).hexdigest()}
    optimiser = torch.optim.Adam(model.parameters(), lr=2e-3)
    losses, batches = [], []
    for x, y in torch.utils.data.DataLoader(train, batch_size=32, shuffle=True):
        logits = model(x)
        loss = F.cross_entropy(logits, y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        batches.append(y.tolist())
        if len(losses) == 10:
            break
    gradient = {f"{names[int(k.split('.')[0])]}.{k.split('.')[1]}": p.grad.norm().item() for k, p in model.named_parameters()}
    return {"seed": 42, "initial": initial, "losses": losses, "labels": batches, "lastGradientNorms": gradient,
            "lastLogits": pack(logits)}


for name, content in [("ops", ops()), ("random", random()), ("layers", layers()), ("prints", prints()),
                      ("lenet", lenet())]:
    write(name, content)
