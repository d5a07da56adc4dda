# PyTorch's side of a measurement: the same workloads, the same lines on stdin and stdout as serve.ts. Eager, as taught.
import json
import re
import resource
import subprocess
import sys
import time

import torch
from torch import nn

job = json.loads(sys.argv[1])
spec = job["spec"]
torch.set_num_threads(job["threads"])
torch.manual_seed(0)
WARM_UP_S = 0.6
ON_GPU = job["device"] == "gpu"
if ON_GPU:
    torch.set_default_device("cuda")
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False


class Outputs(nn.Module):
    """What a recurrent layer gives at every step, without its last state."""

    def __init__(self, recurrent):
        super().__init__()
        self.recurrent = recurrent

    def forward(self, x):
        return self.recurrent(x)[0]


class Positions(nn.Module):
    def __init__(self, length, size):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(length, size))

    def forward(self, x):
        return x + self.weight


def transformer(size, heads, hidden, count):
    layer = nn.TransformerEncoderLayer(size, heads, dim_feedforward=hidden, dropout=0.0, batch_first=True)
    return nn.TransformerEncoder(layer, count)


MODULES = {
    "conv2d": lambda o: nn.Conv2d(o["from"], o["to"], o["kernel"], padding=o["padding"]),
    "avgPool2d": lambda o: nn.AvgPool2d(o["kernel"]),
    "maxPool2d": lambda o: nn.MaxPool2d(o["kernel"]),
    "linear": lambda o: nn.Linear(o["from"], o["to"]),
    "tanh": lambda o: nn.Tanh(),
    "relu": lambda o: nn.ReLU(),
    "sigmoid": lambda o: nn.Sigmoid(),
    "flatten": lambda o: nn.Flatten(),
    "flattenSteps": lambda o: nn.Flatten(0, 1),
    "embedding": lambda o: nn.Embedding(o["count"], o["size"]),
    "positions": lambda o: Positions(o["length"], o["size"]),
    "rnn": lambda o: Outputs(nn.RNN(o["from"], o["to"], batch_first=True)),
    "gru": lambda o: Outputs(nn.GRU(o["from"], o["to"], batch_first=True)),
    "lstm": lambda o: Outputs(nn.LSTM(o["from"], o["to"], batch_first=True)),
    "transformer": lambda o: transformer(o["size"], o["heads"], o["hidden"], o["count"]),
}


def training_step():
    model = nn.Sequential(*[MODULES[layer["layer"]](layer) for layer in spec["layers"]])
    x = torch.randint(0, spec["tokens"], spec["input"]) if "tokens" in spec else torch.randn(spec["input"])
    rows, columns = spec["output"]
    mse = spec["loss"] == "mse"
    y = torch.randn(rows, columns) if mse else torch.randint(0, columns, (rows,))
    loss_of = nn.MSELoss() if mse else nn.CrossEntropyLoss()
    optimizer = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[spec["optimizer"]](model.parameters(), lr=spec["lr"])

    def step():
        optimizer.zero_grad()
        loss_of(model(x), y).backward()
        optimizer.step()

    return step


OPS = {
    "add": lambda x, y: x + y,
    "mul": lambda x, y: x * y,
    "matmul": lambda x, y: x @ y,
    "conv2d": lambda x, y: nn.functional.conv2d(x, y),
    "softmax": lambda x, y: x.softmax(-1),
    "sum": lambda x, y: x.sum(),
    "relu": lambda x, y: x.relu(),
    "zeros": lambda x, y: torch.zeros(x.shape),
    "reshape": lambda x, y: x.reshape(-1),
}


def op_step():
    tensors = [torch.randn(shape, requires_grad="gradient" in spec) for shape in spec["shapes"]]
    x, y = tensors[0], tensors[-1]
    run = OPS[spec["op"]]
    if spec.get("gradient") == "backward":
        return lambda: run(x, y).sum().backward()
    return lambda: run(x, y)


def timed(step, steps):
    started = time.perf_counter()
    for _ in range(steps):
        step()
    if ON_GPU:
        torch.cuda.synchronize()
    return time.perf_counter() - started


def warm_up(step):
    """More and more steps at a time; returns how many make a run."""
    started = time.perf_counter()
    steps, run_s = 1, job["runMs"] / 1000
    while True:
        seconds = timed(step, steps)
        if time.perf_counter() - started > WARM_UP_S:
            return max(1, round(steps * run_s / seconds))
        if seconds < run_s / 2:
            steps *= 2


def blas():
    """The library behind matmul. Against the reference one, everybody would look fast."""
    maps = open("/proc/self/maps").read() if sys.platform == "linux" else ""
    if "/blas/libblas.so" in maps:
        raise RuntimeError("multiplies with the reference BLAS, no fair peer: npm run bench -- --install")
    built_with = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    name = built_with[1] if built_with else "?"
    return "OpenBLAS" if name == "generic" and "openblas" in maps else name


def gpu():
    """The card, and what its float32 units could do at most: two operations a clock for each of 128 a multiprocessor."""
    properties = torch.cuda.get_device_properties(0)
    clock = subprocess.run(
        ["nvidia-smi", "--query-gpu=clocks.max.sm", "--format=csv,noheader,nounits"], capture_output=True, text=True
    ).stdout.split()
    peak = properties.multi_processor_count * 128 * 2 * float(clock[0]) / 1e6 if clock else float("nan")
    return f"{properties.name}, peak {peak:.1f} TFLOP/s in float32"


def peak_bytes():
    """Linux knows it for this program alone; ru_maxrss begins with what the parent had when it started this process."""
    try:
        with open("/proc/self/status") as status:
            return int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1]) * 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def say(**line):
    print(json.dumps(line), flush=True)


try:
    step = training_step() if spec["kind"] == "train" else op_step()
    steps = warm_up(step)
    say(ready=f"{torch.__version__} ({gpu() if ON_GPU else blas()})")
    for command in sys.stdin:
        if command.strip() == "end":
            break
        say(ms=timed(step, steps) / steps * 1000)
    say(peakBytes=peak_bytes())
except Exception as error:
    say(cannot=f"{type(error).__name__}: {error}".split("\n")[0])
