"""Recurrent cells that PyTorch has not, written out step by step: the paper's GRU and the minimal gated unit."""

import math

import torch
from torch import nn


class GRU(nn.GRU):
    """Resets the state before the product, as Cho et al. do: torch's own resets after it."""

    def __init__(self, *args, reset_after, **options):
        assert not reset_after
        super().__init__(*args, **options)

    def forward(self, x, h=None):
        return walk(self, x, h, self.step)

    def step(self, x, h, w_ih, w_hh, b_ih, b_hh):
        size = self.hidden_size
        projected = x @ w_ih.T + b_ih
        gates = torch.sigmoid(projected[:, : 2 * size] + h @ w_hh[: 2 * size].T + b_hh[: 2 * size])
        r, z = gates.chunk(2, 1)
        n = torch.tanh(projected[:, 2 * size :] + (r * h) @ w_hh[2 * size :].T + b_hh[2 * size :])
        return (1 - z) * n + z * h


class MGU(nn.RNNBase):
    """Zhou et al.: gates f, n; one bias. Weights are drawn as torch draws those of its own cells."""

    def __init__(self, input_size, hidden_size, num_layers=1, bidirectional=False, batch_first=False):
        nn.Module.__init__(self)
        self.hidden_size, self.num_layers, self.bidirectional = hidden_size, num_layers, bidirectional
        self.batch_first = batch_first
        bound = 1 / math.sqrt(hidden_size)
        for layer in range(num_layers):
            inputs = input_size if layer == 0 else hidden_size * (2 if bidirectional else 1)
            for suffix in ("", "_reverse")[: 2 if bidirectional else 1]:
                for kind, shape in [("weight_ih", (inputs,)), ("weight_hh", (hidden_size,)), ("bias_ih", ())]:
                    values = torch.empty(2 * hidden_size, *shape).uniform_(-bound, bound)
                    self.register_parameter(f"{kind}_l{layer}{suffix}", nn.Parameter(values))

    def forward(self, x, h=None):
        return walk(self, x, h, self.step)

    def step(self, x, h, w_ih, w_hh, b_ih):
        size = self.hidden_size
        projected = x @ w_ih.T + b_ih
        f = torch.sigmoid(projected[:, :size] + h @ w_hh[:size].T)
        n = torch.tanh(projected[:, size:] + (f * h) @ w_hh[size:].T)
        return (1 - f) * h + f * n

    def __setattr__(self, name, value):
        nn.Module.__setattr__(self, name, value)


def walk(layer, x, h, step):
    """All layers and directions; the output and the last states."""
    output = x.transpose(0, 1) if layer.batch_first else x
    directions = ("", "_reverse")[: 2 if layer.bidirectional else 1]
    last = []
    for index in range(layer.num_layers):
        walks = []
        for d, suffix in enumerate(directions):
            names = [f"{kind}_l{index}{suffix}" for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
            weights = [getattr(layer, name) for name in names if hasattr(layer, name)]
            at = index * len(directions) + d
            state = h[at] if h is not None else output.new_zeros(output.shape[1], layer.hidden_size)
            states = [None] * len(output)
            for t in reversed(range(len(output))) if suffix else range(len(output)):
                state = states[t] = step(output[t], state, *weights)
            walks.append(torch.stack(states))
            last.append(state)
        output = torch.cat(walks, 2)
    return output.transpose(0, 1) if layer.batch_first else output, torch.stack(last)
