#!/usr/bin/env python3
"""The PyTorch side of the exchange of weights; exchange.test.ts calls it with Debian's torch.

    torch_models.py write FOLDER    for every model: NAME.safetensors, NAME.json with an input and torch's output for it
    torch_models.py check FOLDER    for every model: loads NAME.back.safetensors (strictly), prints the outputs as JSON
"""

import json
import sys

import torch
from safetensors.numpy import load_file, save_file
from torch import nn


class LastStep(nn.Module):
    """A recurrent layer whose last output is classified."""

    def __init__(self, layer, features):
        super().__init__()
        self.rnn = layer
        self.head = nn.Linear(features, 3)

    def forward(self, x):
        return self.head(self.rnn(x)[0][:, -1])


def lenet():
    names = ["c1", "tanh1", "s2", "c3", "tanh3", "s4", "c5", "tanh5", "flatten", "f6", "tanh6", "output"]
    layers = [
        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)]
    model = nn.Sequential()
    for name, layer in zip(names, layers):
        model.add_module(name, layer)
    return model


MODELS = {
    "lenet": (lenet, (4, 1, 32, 32)),
    "batchNorm": (lambda: nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(72, 5)),
                  (4, 3, 8, 8)),
    "norms": (lambda: nn.Sequential(nn.GroupNorm(2, 4), nn.ConvTranspose2d(4, 6, 3, stride=2), nn.PReLU(), nn.InstanceNorm2d(6, affine=True)),
              (2, 4, 5, 5)),
    "lstm": (lambda: LastStep(nn.LSTM(5, 8, num_layers=2, bidirectional=True, batch_first=True), 16), (4, 7, 5)),
    "gru": (lambda: LastStep(nn.GRU(5, 8, batch_first=True), 8), (4, 7, 5)),
    "rnn": (lambda: LastStep(nn.RNN(5, 8, num_layers=2, batch_first=True), 8), (4, 7, 5)),
    "transformer": (lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 4, 32, batch_first=True), 2), (3, 6, 16)),
}


def settled(make, shape, seed):
    """A model in evaluation, after one pass in training that moves running statistics."""
    torch.manual_seed(seed)
    model = make()
    model.train()
    with torch.no_grad():
        model(torch.randn(shape))
    return model.eval()


def write(folder):
    for name, (make, shape) in MODELS.items():
        model = settled(make, shape, 3)
        x = torch.randn(shape)
        with torch.no_grad():
            y = model(x)
        save_file({key: value.contiguous().numpy() for key, value in model.state_dict().items()}, f"{folder}/{name}.safetensors")
        with open(f"{folder}/{name}.json", "w") as file:
            json.dump({"shape": shape, "input": x.flatten().tolist(), "output": y.flatten().tolist()}, file)


def check(folder):
    outputs = {}
    for name, (make, shape) in MODELS.items():
        torch.manual_seed(99)
        model = make().eval()
        state = {key: torch.from_numpy(value) for key, value in load_file(f"{folder}/{name}.back.safetensors").items()}
        model.load_state_dict(state, strict=True)
        with open(f"{folder}/{name}.json") as file:
            x = torch.tensor(json.load(file)["input"]).reshape(shape)
        with torch.no_grad():
            outputs[name] = model(x).flatten().tolist()
    print(json.dumps(outputs))


torch.set_num_threads(1)
{"write": write, "check": check}[sys.argv[1]](sys.argv[2])
