#!/usr/bin/python3
"""Makes the golden values of training: optimisers, schedules, clipping of gradients, metrics. PyTorch 1.13.

    /usr/bin/python3 test/reference/make-training-goldens.py

Options keep PyTorch's names; the tests translate them. Metrics are checked against formulas written out in numpy here.
"""

import warnings

import numpy as np
import torch
from golden_cases import pack, write
from torch.optim import lr_scheduler

warnings.filterwarnings("ignore")

SHAPES = [(2, 3), (), (1,)]
STEPS = 8


def flat(tensors):
    return [v for t in tensors for v in pack(t)["values"]]


def optimisers():
    """Parameters of three shapes under fixed gradients (one is missing at step 3, one is 0): values after every step."""
    torch.manual_seed(1)
    starts = [torch.randn(s) for s in SHAPES]
    grads = [[torch.randn(s) for s in SHAPES] for _ in range(STEPS)]
    grads[3][1] = None
    grads[5][0] = torch.zeros(2, 3)
    cases = [
        ("SGD", {"lr": 0.1}),
        ("SGD", {"lr": 0.1, "momentum": 0.9}),
        ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.5}),
        ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
        ("SGD", {"lr": 0.1, "momentum": 0.5, "weight_decay": 0.2}),
        ("SGD", {"lr": 0.1, "weight_decay": 0.2}),
        ("SGD", {"lr": 0.1, "maximize": True}),
        ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1, "maximize": True}),
        ("Adagrad", {}),
        ("Adagrad", {"lr": 0.5}),
        ("Adagrad", {"lr": 0.1, "lr_decay": 0.1}),
        ("Adagrad", {"lr": 0.1, "weight_decay": 0.2, "initial_accumulator_value": 0.3}),
        ("Adagrad", {"lr": 0.1, "eps": 1e-3, "maximize": True}),
        ("Adadelta", {}),
        ("Adadelta", {"lr": 0.5, "rho": 0.5}),
        ("Adadelta", {"rho": 0.8, "eps": 1e-2, "weight_decay": 0.2}),
        ("Adadelta", {"maximize": True}),
        ("RMSprop", {}),
        ("RMSprop", {"lr": 0.1, "alpha": 0.5}),
        ("RMSprop", {"momentum": 0.9}),
        ("RMSprop", {"centered": True}),
        ("RMSprop", {"centered": True, "momentum": 0.5, "weight_decay": 0.1}),
        ("RMSprop", {"eps": 1e-2, "maximize": True}),
        ("Adam", {}),
        ("Adam", {"lr": 0.1, "betas": [0.5, 0.8], "eps": 1e-3}),
        ("Adam", {"lr": 0.05, "weight_decay": 0.3}),
        ("Adam", {"lr": 0.1, "betas": [0.9, 0.5], "amsgrad": True}),
        ("Adam", {"lr": 0.1, "amsgrad": True, "weight_decay": 0.1, "maximize": True}),
        ("AdamW", {}),
        ("AdamW", {"lr": 0.1}),
        ("AdamW", {"lr": 0.1, "weight_decay": 0.5, "betas": [0.5, 0.8]}),
        ("AdamW", {"lr": 0.1, "betas": [0.9, 0.5], "amsgrad": True}),
        ("AdamW", {"lr": 0.1, "maximize": True}),
        ("NAdam", {}),
        ("NAdam", {"lr": 0.1, "momentum_decay": 0.1}),
        ("NAdam", {"lr": 0.1, "betas": [0.5, 0.8], "weight_decay": 0.2, "eps": 1e-4}),
        ("Adamax", {}),
        ("Adamax", {"lr": 0.1, "betas": [0.5, 0.8], "eps": 1e-3}),
        ("Adamax", {"lr": 0.1, "weight_decay": 0.2, "maximize": True}),
        ("RAdam", {}),
        ("RAdam", {"lr": 0.1, "betas": [0.9, 0.8]}),
        ("RAdam", {"lr": 0.1, "betas": [0.9, 0.99], "weight_decay": 0.2, "eps": 1e-4}),
        # One group a parameter, with options of its own.
        ("SGD", {"lr": 0.1, "momentum": 0.9}, [{}, {"lr": 0.5}, {"momentum": 0.0}]),
        ("Adam", {"lr": 0.1}, [{"weight_decay": 0.3}, {"lr": 0.5, "betas": [0.5, 0.8]}, {"amsgrad": True}]),
        ("RMSprop", {}, [{"lr": 0.1}, {"centered": True}, {"momentum": 0.9}]),
    ]
    rows = []
    for name, options, *groups in cases:
        params = [s.clone().requires_grad_() for s in starts]
        given = [{"params": [p], **g} for p, g in zip(params, groups[0])] if groups else params
        optimiser = getattr(torch.optim, name)(given, **options)
        steps = []
        for step in grads:
            for p, g in zip(params, step):
                p.grad = None if g is None else g.clone()
            optimiser.step()
            steps.append(flat(params))
        rows.append({"name": name, "options": options, "groups": groups[0] if groups else None, "steps": steps})
    return {"starts": [pack(s) for s in starts], "grads": [[g if g is None else pack(g) for g in step] for step in grads], "rows": rows}


LAMBDAS = {"decay": lambda e: 0.95**e, "inverse": lambda e: 1 / (1 + e), "constant": lambda e: 0.9}
VALUES = [1.0, 0.9, 0.91, 0.92, 0.93, 0.9, 0.89, 0.8, 0.8, 0.8, 0.8, 0.8, 0.79999, 0.8, 0.81, 0.7, 0.71, 0.72, 0.73, 0.74, 0.75,
          0.76, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6]


def make_schedule(optimiser, name, options):
    options = dict(options)
    for key in ("lr_lambda", "scale_fn"):
        if key in options:
            value = options[key]
            options[key] = [LAMBDAS[v] for v in value] if isinstance(value, list) else LAMBDAS[value]
    if "schedulers" in options:
        options["schedulers"] = [make_schedule(optimiser, *part) for part in options["schedulers"]]
    if name == "ChainedScheduler":
        return lr_scheduler.ChainedScheduler(options["schedulers"])
    return getattr(lr_scheduler, name)(optimiser, **options)


def schedules():
    """Learning rates (and momenta) of two groups before the first step and after each of 30."""
    cases = [
        ("StepLR", {"step_size": 7}),
        ("StepLR", {"step_size": 3, "gamma": 0.5}),
        ("MultiStepLR", {"milestones": [3, 10, 10, 20]}),
        ("MultiStepLR", {"milestones": [5, 15], "gamma": 0.5}),
        ("ExponentialLR", {"gamma": 0.9}),
        ("PolynomialLR", {}),
        ("PolynomialLR", {"total_iters": 20, "power": 2.0}),
        ("ConstantLR", {}),
        ("ConstantLR", {"factor": 0.5, "total_iters": 8}),
        ("LinearLR", {}),
        ("LinearLR", {"start_factor": 0.5, "end_factor": 0.1, "total_iters": 12}),
        ("LambdaLR", {"lr_lambda": "decay"}),
        ("LambdaLR", {"lr_lambda": ["decay", "inverse"]}),
        ("MultiplicativeLR", {"lr_lambda": "constant"}),
        ("CosineAnnealingLR", {"T_max": 30}),
        ("CosineAnnealingLR", {"T_max": 7, "eta_min": 0.01}),
        ("CosineAnnealingLR", {"T_max": 1}),
        ("CosineAnnealingWarmRestarts", {"T_0": 7}),
        ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2, "eta_min": 0.01}),
        ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 4}),
        ("CyclicLR", {"base_lr": [0.01, 0.02], "max_lr": [0.1, 0.3], "step_size_up": 5, "step_size_down": 2, "mode": "triangular2"}),
        ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 3, "mode": "exp_range", "gamma": 0.95, "cycle_momentum": False}),
        ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 3, "scale_fn": "inverse", "base_momentum": 0.5, "max_momentum": 0.95}),
        ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 3, "scale_fn": "decay", "scale_mode": "iterations"}),
        ("OneCycleLR", {"max_lr": 0.5, "total_steps": 31}),
        ("OneCycleLR", {"max_lr": [0.5, 1.0], "epochs": 5, "steps_per_epoch": 7, "anneal_strategy": "linear", "pct_start": 0.5}),
        ("OneCycleLR", {"max_lr": 0.5, "total_steps": 31, "three_phase": True, "div_factor": 10.0, "final_div_factor": 100.0}),
        ("OneCycleLR", {"max_lr": 0.5, "total_steps": 31, "base_momentum": 0.5, "max_momentum": 0.9}, "Adam"),
        ("OneCycleLR", {"max_lr": 0.5, "total_steps": 31, "cycle_momentum": False}, "Adagrad"),
        ("ReduceLROnPlateau", {"patience": 2}),
        ("ReduceLROnPlateau", {"patience": 1, "factor": 0.5, "cooldown": 2, "min_lr": [0.01, 0.05]}),
        ("ReduceLROnPlateau", {"patience": 0, "threshold": 0.05, "threshold_mode": "abs"}),
        ("ReduceLROnPlateau", {"patience": 3, "mode": "max", "factor": 0.7}),
        ("ReduceLROnPlateau", {"patience": 1, "mode": "max", "threshold_mode": "abs", "eps": 1e-2}),
        ("SequentialLR", {"schedulers": [["ConstantLR", {"factor": 0.1, "total_iters": 2}], ["ExponentialLR", {"gamma": 0.9}]], "milestones": [4]}),
        ("SequentialLR", {"schedulers": [["LinearLR", {"start_factor": 0.1, "total_iters": 5}], ["CosineAnnealingLR", {"T_max": 10}],
                                         ["StepLR", {"step_size": 3, "gamma": 0.5}]], "milestones": [5, 15]}),
        ("SequentialLR", {"schedulers": [["PolynomialLR", {"total_iters": 4}], ["CosineAnnealingWarmRestarts", {"T_0": 4}],
                                         ["MultiStepLR", {"milestones": [2, 5]}]], "milestones": [4, 20]}),
        ("ChainedScheduler", {"schedulers": [["ConstantLR", {"factor": 0.1, "total_iters": 4}], ["ExponentialLR", {"gamma": 0.9}]]}),
        ("ChainedScheduler", {"schedulers": [["LinearLR", {}], ["StepLR", {"step_size": 10}], ["CosineAnnealingLR", {"T_max": 20}]]}),
    ]
    rows = []
    for name, options, *rest in cases:
        params = [torch.zeros(1, requires_grad=True) for _ in range(2)]
        kind = rest[0] if rest else "SGD"
        args = {"momentum": 0.9} if kind == "SGD" else {}
        optimiser = getattr(torch.optim, kind)([{"params": [params[0]], "lr": 0.1}, {"params": [params[1]], "lr": 0.4}], lr=0.1, **args)
        schedule = make_schedule(optimiser, name, options)
        steps = []
        for step in range(31):
            groups = optimiser.param_groups
            momenta = [g["momentum"] if "momentum" in g else g["betas"][0] if "betas" in g else None for g in groups]
            steps.append({"lr": [g["lr"] for g in groups], "momentum": momenta})
            if step == 30:
                break
            schedule.step(*([VALUES[step]] if name == "ReduceLROnPlateau" else []))
        rows.append({"name": name, "optimiser": kind, "options": options, "steps": steps})
    fractions = []
    for t_mult in (1, 2):
        optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
        schedule = lr_scheduler.CosineAnnealingWarmRestarts(optimiser, T_0=3, T_mult=t_mult)
        rates = []
        for i in range(60):
            schedule.step(i / 5)
            rates.append(optimiser.param_groups[0]["lr"])
        fractions.append({"tMult": t_mult, "rates": rates})
    return {"values": VALUES, "rows": rows, "fractions": fractions}


def clipping():
    torch.manual_seed(2)
    grads = [torch.randn(2, 3) * 3, torch.randn(()), torch.randn(1)]
    rows = []
    for max_norm in (0.5, 3.0, 1000.0, 0.0):
        for norm_type in (2.0, 1.0, 3.0, "inf", 0.5):
            params = [torch.zeros(g.shape, requires_grad=True) for g in grads]
            for p, g in zip(params, grads):
                p.grad = g.clone()
            total = torch.nn.utils.clip_grad_norm_(params, max_norm, float(norm_type))
            rows.append({"maxNorm": max_norm, "normType": norm_type, "total": total.item(), "grads": flat([p.grad for p in params])})
    values = []
    for clip in (0.0, 0.5, 2.0, 100.0):
        params = [torch.zeros(g.shape, requires_grad=True) for g in grads]
        for p, g in zip(params, grads):
            p.grad = g.clone()
        torch.nn.utils.clip_grad_value_(params, clip)
        values.append({"clipValue": clip, "grads": flat([p.grad for p in params])})
    return {"grads": [pack(g) for g in grads], "norm": rows, "value": values}


def safe(a, b):
    return np.where(b == 0, 0.0, a / np.where(b == 0, 1, b))


def class_scores(matrix):
    """Precision, recall and F1 by class from counts with actual classes as rows; 0 where nothing was counted."""
    hits, predicted, actual = np.diag(matrix).astype(float), matrix.sum(0), matrix.sum(1)
    precision, recall = safe(hits, predicted), safe(hits, actual)
    return {"precision": precision, "recall": recall, "f1Score": safe(2 * precision * recall, precision + recall)}


def metrics():
    """Values of metrics over several batches. Classification: 5 classes of which one never occurs."""
    rng = np.random.default_rng(3)
    rows = []

    def row(metric, options, batches, value):
        value = value.tolist() if isinstance(value, np.ndarray) else float(value)
        packed = [[pack(torch.tensor(p)), pack(torch.tensor(t))] for p, t in batches]
        rows.append({"metric": metric, "options": options, "batches": packed, "value": value})

    classes = 5
    batches = []
    for n in (7, 16, 1):
        target = rng.integers(0, classes - 1, n)
        scores = rng.normal(size=(n, classes)).astype(np.float32)
        scores[np.arange(n), target] += 1
        scores[:, -1] -= 0.5
        batches.append((scores, target))
    scores = np.concatenate([s for s, _ in batches])
    target = np.concatenate([t for _, t in batches])
    guesses = scores.argmax(1)
    labels = [(s.argmax(1), t) for s, t in batches]
    for k in (1, 2, 3, 5):
        top = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        row("accuracy", {"topK": k}, batches, (top == target[:, None]).any(1).mean())
    row("accuracy", {}, labels, (guesses == target).mean())
    matrix = np.zeros((classes, classes), int)
    np.add.at(matrix, (target, guesses), 1)
    row("confusionMatrix", {"numClasses": classes}, batches, matrix)
    row("confusionMatrix", {"numClasses": classes}, labels, matrix)
    scored = class_scores(matrix)
    # Macro leaves out classes that were neither there nor predicted.
    seen = (matrix.sum(0) + matrix.sum(1)) > 0
    for name, values in scored.items():
        row(name, {"numClasses": classes, "average": "none"}, batches, values)
        row(name, {"numClasses": classes, "average": "macro"}, batches, values[seen].mean())
        row(name, {"numClasses": classes, "average": "micro"}, batches, (guesses == target).mean())
        row(name, {"numClasses": classes, "average": "weighted"}, batches, (values * matrix.sum(1)).sum() / matrix.sum())
    sparse = [(np.array([0, 1, 1, 0]), np.array([0, 1, 2, 2]))]
    small = np.zeros((4, 4), int)
    np.add.at(small, (sparse[0][1], sparse[0][0]), 1)
    seen = (small.sum(0) + small.sum(1)) > 0
    for name, values in class_scores(small).items():
        row(name, {"numClasses": 4, "average": "none"}, sparse, values)
        row(name, {"numClasses": 4, "average": "macro"}, sparse, values[seen].mean())

    binary = [(rng.random(n).astype(np.float32), rng.integers(0, 2, n)) for n in (9, 20)]
    binary[1][0][:6] = 0.5
    p, t = (np.concatenate([b[i] for b in binary]) for i in (0, 1))
    row("accuracy", {}, binary, ((p > 0.5) == t).mean())
    row("accuracy", {"threshold": 0.3}, binary, ((p > 0.3) == t).mean())
    # Area under the curve = share of pairs in the right order, ties half.
    pos, neg = p[t == 1], p[t == 0]
    wins = (pos[:, None] > neg).sum() + 0.5 * (pos[:, None] == neg).sum()
    row("auroc", {}, binary, wins / (len(pos) * len(neg)))

    regress = [(rng.normal(100, 3, n).astype(np.float32), rng.normal(100, 5, n).astype(np.float32)) for n in (4, 12, 2)]
    regress = [(p + 0.7 * (t - p), t) for p, t in regress]
    p, t = (np.concatenate([b[i] for b in regress]).astype(float) for i in (0, 1))
    row("meanSquaredError", {}, regress, ((p - t) ** 2).mean())
    row("meanSquaredError", {"squared": False}, regress, np.sqrt(((p - t) ** 2).mean()))
    row("meanAbsoluteError", {}, regress, np.abs(p - t).mean())
    row("r2Score", {}, regress, 1 - ((p - t) ** 2).sum() / ((t - t.mean()) ** 2).sum())

    words = [(rng.normal(size=(b, 5, 11)).astype(np.float32), rng.integers(0, 11, (b, 5))) for b in (2, 3)]
    logits = np.concatenate([w.reshape(-1, 11) for w, _ in words]).astype(float)
    ids = np.concatenate([i.reshape(-1) for _, i in words])
    logs = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    row("perplexity", {}, words, np.exp(-logs[np.arange(len(ids)), ids].mean()))
    kept = ids != 3
    row("perplexity", {"ignoreIndex": 3}, words, np.exp(-logs[np.arange(len(ids)), ids][kept].mean()))
    return rows


for name, content in [("optimisers", optimisers()), ("schedules", schedules()), ("clipping", clipping()), ("metrics", metrics())]:
    write(name, content)
