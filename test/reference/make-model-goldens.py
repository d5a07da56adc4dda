#!/usr/bin/python3
"""Makes models.golden.json with torchvision (Debian: apt install python3-torchvision; version 0.14).

    /usr/bin/python3 test/reference/make-model-goldens.py

`states`: names and shapes of each model's state dict, in order. `logits`: what small images become in training, with the first
weights of seed 0; images are torch.rand after seed 1. That proves first weights and wiring at once. `prints`: how a model prints;
nothing works in place here, and blocks of GoogLeNet and DenseNet have names of our own.
"""

import json
import os

import torch
from torchvision import models

MODELS = {
    "alexNet": models.alexnet,
    "vgg16": models.vgg16,
    "vgg16BatchNorm": models.vgg16_bn,
    "vgg19": models.vgg19,
    "vgg19BatchNorm": models.vgg19_bn,
    "googLeNet": lambda **options: models.googlenet(aux_logits=False, init_weights=True, **options),
    "resNet18": models.resnet18,
    "resNet34": models.resnet34,
    "resNet50": models.resnet50,
    "resNet101": models.resnet101,
    "resNet152": models.resnet152,
    "denseNet121": models.densenet121,
}
# The others are the same blocks in a row, or too large to fill with numbers in a test.
RUN = {"googLeNet": {"dropout": 0}, "resNet18": {}, "resNet50": {}, "denseNet121": {}}


def state_of(model):
    return {name: list(tensor.shape) for name, tensor in model.state_dict().items()}


def logits_of(name, options):
    torch.manual_seed(0)
    model = MODELS[name](num_classes=5, **options).train()
    torch.manual_seed(1)
    with torch.no_grad():
        return model(torch.rand(2, 3, 64, 64)).tolist()


def print_of(name):
    return repr(MODELS[name]()).replace("inplace=True", "")


golden = {
    "states": {name: state_of(make()) for name, make in MODELS.items()},
    "logits": {name: logits_of(name, options) for name, options in RUN.items()},
    "prints": {name: print_of(name) for name in ["alexNet", "vgg16", "resNet18", "resNet50"]},
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "models.golden.json"), "w") as file:
    json.dump(golden, file, separators=(",", ":"))
    file.write("\n")
