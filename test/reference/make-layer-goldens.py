#!/usr/bin/python3
"""Makes the golden values of layers, losses and first weights with PyTorch 1.13.

    /usr/bin/python3 test/reference/make-layer-goldens.py

Each family is a file that layer-goldens.test.ts walks through; nn.init has init.golden.json and a test of its own.
"""

import recurrent_cells
import torch
from golden_cases import apart, pack, randn, write
from layer_cases import Constant, LayerCases, camel
from torch import nn


def linear():
    rows = LayerCases()
    add = rows.add
    add(nn.Identity, (), {}, randn(2, 3))
    for shape in [(4, 3), (3,), (2, 5, 3), (0, 3), (1, 3)]:
        add(nn.Linear, (3, 2), {}, randn(*shape))
    add(nn.Linear, (5, 4), {"bias": False}, randn(2, 5))
    add(nn.Bilinear, (3, 2, 4), {}, randn(5, 3), randn(5, 2))
    add(nn.Bilinear, (2, 3, 1), {"bias": False}, randn(2, 4, 2), randn(2, 4, 3))
    add(nn.Flatten, (), {}, randn(2, 3, 2, 2))
    add(nn.Flatten, (0, 1), {}, randn(2, 3, 2))
    add(nn.Unflatten, (1, (3, 2)), {}, randn(2, 6))
    add(nn.Unflatten, (-1, (2, -1)), {}, randn(3, 6))
    ints = torch.tensor([[0, 3, 3], [1, 4, 2]])
    add(nn.Embedding, (5, 3), {}, ints, normal=True)
    add(nn.Embedding, (5, 4), {"padding_idx": 3}, ints, normal=True)
    add(nn.Embedding, (9, 3), {"padding_idx": -6}, ints, normal=True)
    add(nn.Embedding, (5, 2), {}, torch.tensor(2), normal=True)
    add(nn.Embedding, (5, 2), {}, torch.zeros(0, dtype=torch.int64), normal=True)
    add(nn.Dropout, (0.3,), {}, randn(2, 3), modes=("eval",))
    add(nn.Dropout, (0.0,), {}, randn(2, 3))
    add(nn.Dropout2d, (), {}, randn(2, 3, 2, 2), modes=("eval",))
    return rows


def activations():
    rows = LayerCases()
    x = lambda: torch.cat([apart(8), torch.tensor([-30.0, 30.0])]).reshape(2, 5)
    for name in ("ReLU", "ReLU6", "SELU", "SiLU", "Mish", "Softsign", "Sigmoid", "LogSigmoid", "Tanh", "GELU", "ELU", "LeakyReLU",
                 "PReLU", "Softplus", "Hardtanh", "Hardsigmoid"):
        rows.add(getattr(nn, name), (), {}, x)
    rows.add(nn.LeakyReLU, (0.2,), {}, x)
    rows.add(nn.ELU, (0.5,), {}, x)
    rows.add(nn.GELU, (), {"approximate": "tanh"}, x)
    rows.add(nn.PReLU, (5,), {"init": 0.1}, x)
    rows.add(nn.PReLU, (3,), {}, apart(2, 3, 2, 2))
    rows.add(nn.Softplus, (), {"beta": 2, "threshold": 1}, x)
    rows.add(nn.Hardtanh, (-2.0, 0.5), {}, x)
    rows.add(nn.GLU, (), {}, randn(2, 6))
    for dim in (0, 1, -1):
        rows.add(nn.Softmax, (dim,), {}, randn(2, 3, 2))
        rows.add(nn.LogSoftmax, (dim,), {}, randn(2, 3, 2), text=False)
    return rows


def convolutions():
    rows = LayerCases()
    image = lambda *shape: randn(*shape)
    for args, options, shape in [
        ((2, 3, 3), {}, (2, 2, 5, 4)),
        ((2, 3, 3), {"bias": False, "padding": 1}, (2, 5, 4)),
        ((2, 4, (3, 2)), {"stride": (2, 1), "padding": (1, 0), "groups": 2}, (2, 2, 5, 4)),
        ((1, 2, 3), {"padding": "same", "dilation": 2}, (1, 1, 5, 5)),
        ((1, 2, (2, 4)), {"padding": "same"}, (1, 1, 4, 5)),
        ((1, 2, 2), {"padding": "valid", "dilation": (1, 2)}, (1, 1, 4, 5)),
        ((3, 3, 2), {"groups": 3, "stride": 2}, (1, 3, 4, 4)),
        ((2, 1, 1), {}, (0, 2, 3, 3)),
        ((1, 2, 3), {"padding": (1, 2), "padding_mode": "reflect", "stride": 2}, (1, 1, 4, 5)),
        ((1, 2, (2, 3)), {"padding": "same", "padding_mode": "circular"}, (1, 1, 4, 5)),
        ((2, 1, 3), {"padding": 2, "padding_mode": "replicate", "bias": False}, (1, 2, 3, 3)),
    ]:
        rows.add(nn.Conv2d, args, options, image(*shape))
    for args, options, shape in [
        ((2, 3, 3), {}, (2, 2, 7)),
        ((2, 3, 3), {"padding": 2, "dilation": 2, "stride": 2}, (2, 2, 9)),
        ((4, 4, 3), {"padding": "same", "groups": 2, "bias": False}, (2, 4, 6)),
        ((1, 2, 4), {"padding": "same"}, (1, 6)),
        ((1, 1, 1), {}, (1, 1, 1)),
        ((1, 2, 4), {"padding": "same", "padding_mode": "reflect"}, (2, 1, 6)),
    ]:
        rows.add(nn.Conv1d, args, options, image(*shape))
    for args, options, shape in [
        ((2, 3, 3), {}, (2, 2, 3, 4)),
        ((2, 3, 2), {"stride": 2, "bias": False}, (2, 3, 4)),
        ((4, 2, (3, 2)), {"stride": (2, 1), "padding": (1, 0), "output_padding": (1, 0), "groups": 2}, (1, 4, 3, 3)),
        ((1, 2, 3), {"dilation": 2}, (1, 1, 3, 3)),
    ]:
        rows.add(nn.ConvTranspose2d, args, options, image(*shape))
    for args, options, shape in [
        ((2, 3, 4), {"stride": 2, "padding": 1}, (2, 2, 5)),
        ((2, 4, 3), {"stride": 3, "output_padding": 2, "groups": 2}, (2, 4)),
        ((1, 1, 3), {"dilation": 2, "bias": False}, (1, 1, 4)),
    ]:
        rows.add(nn.ConvTranspose1d, args, options, image(*shape))
    return rows


def pools():
    rows = LayerCases()
    for name in ("MaxPool2d", "AvgPool2d"):
        make = getattr(nn, name)
        rows.add(make, (2,), {}, apart(2, 2, 4, 5))
        rows.add(make, (3,), {"stride": 2, "padding": 1, "ceil_mode": True}, apart(1, 1, 6, 6))
        rows.add(make, ((2, 3),), {"stride": (1, 2)}, apart(2, 4, 5))
    rows.add(nn.MaxPool2d, (2,), {"dilation": 2, "stride": 1}, apart(1, 1, 5, 5))
    rows.add(nn.AvgPool2d, (3,), {"padding": 1, "count_include_pad": False}, apart(1, 2, 5, 5))
    for name in ("MaxPool1d", "AvgPool1d"):
        make = getattr(nn, name)
        rows.add(make, (2,), {}, apart(2, 2, 5))
        rows.add(make, (3,), {"stride": 2, "padding": 1}, apart(2, 6))
    for size in (1, (2, 3), 4):
        rows.add(nn.AdaptiveAvgPool2d, (size,), {}, apart(2, 2, 5, 4))
        rows.add(nn.AdaptiveMaxPool2d, (size,), {}, apart(2, 5, 4))
    rows.add(nn.AdaptiveAvgPool1d, (3,), {}, apart(2, 2, 7))
    rows.add(nn.AdaptiveMaxPool1d, (3,), {}, apart(2, 7))
    rows.add(nn.Upsample, (), {"scale_factor": 2}, randn(1, 2, 2, 3))
    rows.add(nn.Upsample, (), {"scale_factor": 2, "mode": "bilinear"}, randn(1, 2, 2, 3))
    rows.add(nn.Upsample, (), {"size": (4, 5), "mode": "bilinear", "align_corners": True}, randn(1, 1, 2, 3))
    rows.add(nn.Upsample, (), {"scale_factor": (1.5, 2.0), "mode": "nearest"}, randn(1, 1, 4, 3))
    rows.add(nn.Upsample, (), {"size": 6, "mode": "linear"}, randn(1, 2, 4))
    rows.add(nn.Upsample, (), {"size": 7}, randn(1, 2, 3))
    return rows


def norms():
    rows = LayerCases()
    for name, shapes in [("BatchNorm1d", [(4, 3), (2, 3, 4)]), ("BatchNorm2d", [(2, 3, 2, 3), (3, 3, 1, 1)])]:
        make = getattr(nn, name)
        for shape in shapes:
            rows.add(make, (3,), {}, randn(*shape))
        for options in ({"momentum": None}, {"momentum": 0.5, "eps": 1e-3}, {"affine": False}, {"track_running_stats": False},
                        {"affine": False, "track_running_stats": False}):
            rows.add(make, (3,), options, randn(*shapes[0]))
    rows.add(nn.BatchNorm1d, (3,), {}, randn(1, 3), modes=("eval",))
    rows.add(nn.BatchNorm1d, (2,), {}, randn(1, 2, 3))
    for shape, size in [((2, 3, 4), 4), ((2, 3, 4), (3, 4)), ((5,), 5), ((0, 4), 4), ((2, 1), 1)]:
        rows.add(nn.LayerNorm, (size,), {}, randn(*shape))
    rows.add(nn.LayerNorm, (4,), {"eps": 0.1, "elementwise_affine": False}, randn(2, 4))
    rows.add(nn.LayerNorm, ((2, 2),), {"eps": 1e-12}, randn(3, 2, 2))
    for groups, shape in [(2, (2, 4, 3)), (1, (2, 4, 2, 2)), (4, (2, 4, 2, 2)), (2, (3, 4))]:
        rows.add(nn.GroupNorm, (groups, 4), {}, randn(*shape))
    rows.add(nn.GroupNorm, (3, 6), {"affine": False, "eps": 0.01}, randn(1, 6, 2))
    for name, shapes in [("InstanceNorm1d", [(2, 3, 4), (3, 4)]), ("InstanceNorm2d", [(2, 3, 2, 2), (3, 2, 2)])]:
        make = getattr(nn, name)
        for shape in shapes:
            rows.add(make, (3,), {}, randn(*shape))
        rows.add(make, (3,), {"affine": True}, randn(*shapes[0]))
        rows.add(make, (3,), {"affine": True, "track_running_stats": True, "momentum": 0.3}, randn(*shapes[0]))
    rows.add(nn.LocalResponseNorm, (3,), {}, randn(2, 5, 3))
    rows.add(nn.LocalResponseNorm, (2,), {"alpha": 0.5, "beta": 0.5, "k": 2.0}, randn(2, 4, 2, 2))
    rows.add(nn.LocalResponseNorm, (5,), {"alpha": 1.0}, randn(1, 3, 2, 2))
    return rows


def recurrent():
    rows = LayerCases()
    for name in ("RNN", "LSTM", "GRU"):
        make = getattr(nn, name)
        state = lambda *shape: (randn(*shape), randn(*shape)) if name == "LSTM" else randn(*shape)
        rows.add(make, (3, 2), {}, randn(4, 2, 3))
        rows.add(make, (3, 2), {}, randn(4, 2, 3), state(1, 2, 2))
        rows.add(make, (3, 2), {"batch_first": True}, randn(2, 3, 3), state(1, 2, 2))
        rows.add(make, (2, 3), {"num_layers": 2, "bidirectional": True}, randn(3, 2, 2), state(4, 2, 3))
        rows.add(make, (2, 2), {"bias": False, "bidirectional": True, "batch_first": True}, randn(2, 3, 2))
        rows.add(make, (3, 2), {}, randn(4, 3), state(1, 2))
        rows.add(make, (3, 2), {"batch_first": True, "bidirectional": True}, randn(4, 3))
        rows.add(make, (3, 2), {}, randn(1, 1, 3))
        rows.add(make, (2, 3), {"num_layers": 3, "dropout": 0.5}, randn(2, 2, 2), modes=("eval",))
        cell = getattr(nn, f"{name}Cell")
        rows.add(cell, (3, 2), {}, randn(4, 3))
        rows.add(cell, (3, 2), {"bias": False}, randn(4, 3), state(4, 2))
        rows.add(cell, (3, 2), {}, randn(3), state(2))
        rows.add(cell, (3, 2), {}, randn(0, 3), state(0, 2))
    rows.add(nn.RNN, (3, 2), {"nonlinearity": "relu"}, randn(4, 2, 3), randn(1, 2, 2))
    rows.add(nn.RNNCell, (3, 2), {"nonlinearity": "relu"}, randn(4, 3), randn(4, 2))
    cho = recurrent_cells.GRU
    rows.add(cho, (3, 2), {"reset_after": False}, randn(4, 2, 3), randn(1, 2, 2))
    rows.add(cho, (2, 3), {"reset_after": False, "num_layers": 2, "bidirectional": True}, randn(3, 2, 2), randn(4, 2, 3))
    mgu = recurrent_cells.MGU
    rows.add(mgu, (3, 2), {}, randn(4, 2, 3), text=False)
    rows.add(mgu, (3, 2), {"batch_first": True}, randn(2, 3, 3), randn(1, 2, 2), text=False)
    rows.add(mgu, (2, 3), {"num_layers": 2, "bidirectional": True}, randn(3, 2, 2), randn(4, 2, 3), text=False)
    return rows


def attention():
    rows = LayerCases()
    add = rows.add
    mha = nn.MultiheadAttention
    causal = torch.triu(torch.full((3, 3), float("-inf")), 1)
    blocked = torch.triu(torch.ones(3, 3, dtype=torch.bool), 1)
    padding = torch.tensor([[False, False, True], [False, True, False]])
    add(mha, (4, 2), {}, randn(3, 2, 4), randn(5, 2, 4), randn(5, 2, 4))
    add(mha, (4, 1), {"bias": False, "batch_first": True}, randn(2, 3, 4), randn(2, 5, 4), randn(2, 5, 4))
    add(mha, (4, 4), {}, randn(3, 4), randn(2, 4), randn(2, 4))
    qkv = [randn(2, 3, 4) for _ in range(3)]
    for call in ({"attn_mask": causal}, {"attn_mask": blocked}, {"key_padding_mask": padding}, {"need_weights": False},
                 {"average_attn_weights": False}, {"attn_mask": causal, "key_padding_mask": padding},
                 {"attn_mask": torch.rand(4, 3, 3) > 0.7}, {"attn_mask": randn(4, 3, 3)},
                 {"key_padding_mask": torch.where(padding, -1.5, 0.0)}):
        add(mha, (4, 2), {"batch_first": True}, *qkv, call=call)
    add(mha, (4, 2), {"dropout": 0.5}, randn(1, 1, 4), randn(1, 1, 4), randn(1, 1, 4), modes=("eval",))
    layer = nn.TransformerEncoderLayer
    quiet = {"dim_feedforward": 5, "dropout": 0.0}
    for options in ({}, {"norm_first": True}, {"activation": "gelu", "batch_first": True}, {"layer_norm_eps": 0.01}):
        add(layer, (4, 2), {**quiet, **options}, randn(3, 2, 4))
    add(layer, (4, 2), {"dim_feedforward": 5}, randn(3, 2, 4), modes=("eval",))
    add(layer, (4, 1), quiet, randn(3, 4))
    add(layer, (4, 2), {**quiet, "batch_first": True}, randn(2, 3, 4), call={"src_mask": causal, "src_key_padding_mask": padding})
    return rows


def encoders():
    """The arguments are a layer and a count: made by the test by name."""
    rows = LayerCases()
    for norm in (False, True):
        def make(norm=norm):
            inner = nn.TransformerEncoderLayer(4, 2, 5, 0.0, batch_first=True)
            return nn.TransformerEncoder(inner, 2, nn.LayerNorm(4) if norm else None)
        rows.add(make, (), {}, randn(2, 3, 4), name="encoderWithNorm" if norm else "encoder", text=True)
    return rows


def losses():
    rows = LayerCases()
    add = rows.add
    for reduction in ("mean", "sum", "none"):
        r = {"reduction": reduction}
        a, b = apart(4, 3), randn(4, 3)
        for name in ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"):
            add(getattr(nn, name), (), r, a, b)
        add(nn.SmoothL1Loss, (), {"beta": 0.3, **r}, a, b)
        add(nn.HuberLoss, (), {"delta": 0.3, **r}, a, b)
        p, y = torch.rand(4, 3) * 0.98 + 0.01, torch.rand(4, 3)
        for target in (y, y.round()):
            add(nn.BCELoss, (), r, p, Constant(target))
            add(nn.BCEWithLogitsLoss, (), r, randn(4, 3) * 5, Constant(target))
        add(nn.KLDivLoss, (), r, randn(4, 3).log_softmax(1), Constant(randn(4, 3).softmax(1)))
        add(nn.KLDivLoss, (), {"log_target": True, **r}, randn(4, 3).log_softmax(1), Constant(randn(4, 3).log_softmax(1)))
        add(nn.CosineEmbeddingLoss, (), {"margin": 0.2, **r}, randn(4, 3), randn(4, 3), Constant(torch.tensor([1.0, -1.0, -1.0, 1.0])))
        labels = torch.tensor([2, 0, 1, 1])
        add(nn.CrossEntropyLoss, (), r, randn(4, 3), labels)
        add(nn.NLLLoss, (), r, randn(4, 3), labels)
        add(nn.CrossEntropyLoss, (), r, randn(2, 3, 2), torch.tensor([[0, 2], [1, 1]]))
        classes = {"weight": torch.tensor([0.5, 2.0, 1.0]), "ignore_index": 1, **r}
        add(nn.CrossEntropyLoss, (), {"label_smoothing": 0.1, **classes}, randn(4, 3), labels)
        add(nn.CrossEntropyLoss, (), {"label_smoothing": 0.2, **r}, randn(4, 3), Constant(randn(4, 3).softmax(1)))
        add(nn.NLLLoss, (), classes, randn(4, 3), labels)
    add(nn.SmoothL1Loss, (), {"beta": 0.0}, apart(4), randn(4))
    add(nn.BCELoss, (), {"weight": torch.rand(3)}, torch.rand(4, 3), Constant(torch.rand(4, 3)))
    add(nn.BCELoss, (), {"reduction": "none"}, Constant(torch.tensor([0.0, 1.0, 0.0, 1.0])), Constant(torch.tensor([0.0, 1.0, 1.0, 0.0])))
    add(nn.BCEWithLogitsLoss, (), {"pos_weight": torch.tensor([2.0, 0.5, 3.0])}, randn(4, 3), Constant(torch.rand(4, 3)))
    add(nn.BCEWithLogitsLoss, (), {"weight": torch.rand(3), "pos_weight": torch.rand(3) * 3}, randn(4, 3), Constant(torch.rand(4, 3)))
    add(nn.BCEWithLogitsLoss, (), {"reduction": "none"}, torch.tensor([-200.0, 200.0, -200.0, 200.0]), Constant(torch.tensor([0.0, 1.0, 1.0, 0.0])))
    add(nn.KLDivLoss, (), {"reduction": "batchmean"}, randn(4, 3).log_softmax(1), Constant(torch.tensor([[1.0, 0, 0], [0, 0.5, 0.5], [0, 0, 1], [0.2, 0.3, 0.5]])))
    return rows


def inits():
    out = []
    for fn, shape, args, options in [
        ("uniform_", (3, 2), (-2.0, 0.5), {}), ("normal_", (3, 2), (1.0, 0.1), {}), ("normal_", (5, 5), (), {}),
        ("constant_", (2, 2), (0.3,), {}), ("zeros_", (3,), (), {}), ("ones_", (3,), (), {}), ("eye_", (2, 3), (), {}),
        ("dirac_", (4, 2, 3), (), {}), ("dirac_", (4, 2, 3, 2), (2,), {}), ("dirac_", (2, 3, 2, 2), (), {}),
        ("xavier_uniform_", (4, 3), (), {}), ("xavier_uniform_", (4, 3, 2, 2), (), {"gain": 1.5}),
        ("xavier_normal_", (4, 5), (), {"gain": 0.5}),
        ("kaiming_uniform_", (4, 3), (), {}), ("kaiming_uniform_", (4, 3, 3), (), {"mode": "fan_out", "nonlinearity": "relu"}),
        ("kaiming_uniform_", (4, 3), (), {"a": 0.2}), ("kaiming_uniform_", (2, 3), (), {"nonlinearity": "tanh"}),
        ("kaiming_uniform_", (2, 3), (), {"nonlinearity": "selu"}), ("kaiming_uniform_", (2, 3), (), {"nonlinearity": "sigmoid"}),
        ("kaiming_normal_", (4, 5), (), {"nonlinearity": "relu"}), ("kaiming_normal_", (4, 5, 2), (), {"mode": "fan_out"}),
        ("orthogonal_", (4, 4), (), {}), ("orthogonal_", (3, 7), (), {"gain": 2.0}), ("orthogonal_", (6, 2, 2), (), {}),
        ("trunc_normal_", (4, 5), (), {}), ("trunc_normal_", (4, 5), (), {"mean": 0.5, "std": 0.3, "a": 0.2, "b": 0.9}),
        ("sparse_", (10, 3), (0.4,), {}), ("sparse_", (5, 4), (0.5, 0.1), {}),
    ]:
        torch.manual_seed(11)
        t = torch.full(shape, 9.0)
        getattr(nn.init, fn)(t, *args, **options)
        values = {k: camel(v) if isinstance(v, str) else v for k, v in options.items()}
        exact = "uniform" in fn or fn in ("constant_", "zeros_", "ones_", "eye_", "dirac_")
        name = camel(fn[:-1]) + "_"
        out.append({"fn": name, "shape": list(shape), "args": list(args) + ([values] if values else []), "exact": exact,
                    "values": pack(t), "next": torch.rand(2).tolist()})
    return out


for family in (linear, activations, convolutions, pools, norms, recurrent, attention, encoders, losses):
    torch.manual_seed(0)
    write(f"layer-{family.__name__}", family())
write("init", inits())
