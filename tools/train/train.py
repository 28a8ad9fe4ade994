#!/usr/bin/python3
"""Trains the demo model from scratch on generated scenes; all randomness follows from the seeds below.

    python3 tools/train/train.py        (build make_scene first: cmake --build build/release --target make_scene)

Needs Debian's python3-torch, python3-numpy and python3-pil. Scenes and checkpoints go to build/demo-training; a stopped
run resumes from its last checkpoint. One core with AVX512-BF16 takes about two hours with bfloat16 convolutions; other
processors use float32, which takes two to three times as long. Training ends with an evaluation, whose results are
those in data/demo/MODEL.md; weights differ by rounding between machines.
"""
import argparse
import concurrent.futures
import math
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools" / "train"), str(ROOT / "tools" / "models")]

import numpy
import torch

from evaluate import evaluate, table
from identity import embeddings, found_again, identity_loss
from loss import detection_loss
from network import build, cells, for_training, raw_maps, save_stock
from scenes import Crops, Scenes, collate

TRAINING_SEED, SINGLE_SEED, SEQUENCE_SEED, UNSEEN_SEED = 1, 1001, 500001, 900001


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--make-scene", default=ROOT / "build/release/tools/scene/make_scene", type=pathlib.Path)
    parser.add_argument("--work", default=ROOT / "build/demo-training", type=pathlib.Path,
                        help="folder for scenes and checkpoints")
    parser.add_argument("--out", default=ROOT / "data/demo/onepass-demo.pt", type=pathlib.Path)
    parser.add_argument("--frames", type=int, default=3000,
                        help="number of generated single images, rounded up to a multiple of 250")
    parser.add_argument("--sequences", type=int, default=120, help="number of generated sequences, for identity")
    parser.add_argument("--length", type=int, default=16, help="frames per sequence, at 2 frames per second")
    parser.add_argument("--unseen", type=int, default=400, help="number of generated images for the final evaluation")
    parser.add_argument("--size", default="640x384", help="size of generated images")
    parser.add_argument("--legs", type=int, nargs="+", default=[2600, 7600], metavar="STEP",
                        help="steps at which the learning rate restarts; the last is the end of training")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--alike", type=int, default=8, help="crops per batch that come from one sequence")
    parser.add_argument("--identity", type=float, default=1.0, help="weight of the identity loss")
    parser.add_argument("--side", type=int, default=320, help="side of the training crops, in pixels")
    parser.add_argument("--rate", type=float, default=2e-3, help="maximum learning rate")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    options.steps = options.legs[-1]
    return options


def generate(options, name, settings):
    """Generates a folder in MOTChallenge layout; an existing one is reused."""
    folder = options.work / "scenes" / f"{name}-{options.size}"
    if not (folder / "seqinfo.ini").exists():
        command = [options.make_scene, folder, "--size", options.size, "--overwrite", *settings]
        subprocess.run([str(word) for word in command], check=True, stderr=subprocess.DEVNULL)
    return folder


def sequence_settings(seed, length):
    """Random make_scene options for varied sequences in which most people stay in view."""
    random = numpy.random.default_rng(seed)
    pick = lambda *values: values[random.integers(len(values))]
    between = lambda low, high: round(random.uniform(low, high), 3)
    tallest = between(0.25, 0.6)
    return ["--seed", seed, "--frames", length, "--fps", 2, "--objects", random.integers(8, 30), "--residents", 0.8,
            "--vehicles", between(0, 0.3), "--groups", between(0, 0.4), "--alike", between(0, 0.4),
            "--lighting", pick("day", "day", "overcast", "dusk", "night"), "--clouds", between(0, 0.4),
            "--camera", pick("static", "pan", "handheld"), "--camera-height", between(2, 10),
            "--field-of-view", between(40, 75), "--tallest", tallest, "--shortest", round(tallest * between(0.25, 0.6), 3),
            "--blur", between(0.2, 0.9), "--noise", between(0.5, 6), "--clutter", random.integers(0, 9),
            pick("--road", "--no-road")]


def generate_all(options):
    """Generates unseen images, single images and sequences, with one process per CPU; returns their Scenes."""
    jobs = [(f"unseen-{UNSEEN_SEED}-{options.unseen}", ["--training", options.unseen, "--seed", UNSEEN_SEED])]
    parts = -(-options.frames // 250)
    jobs += [(f"single-{seed}", ["--training", 250, "--seed", seed]) for seed in range(SINGLE_SEED, SINGLE_SEED + parts)]
    jobs += [(f"sequence-{seed}-{options.length}", sequence_settings(seed, options.length))
             for seed in range(SEQUENCE_SEED, SEQUENCE_SEED + options.sequences)]
    folders = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for folder in pool.map(lambda job: generate(options, *job), jobs):
            folders.append(folder)
            print(f"train: {len(folders)} of {len(jobs)} folders of scenes", flush=True)
    return Scenes(folders[:1]), Scenes(folders[1:1 + parts]), Scenes(folders[1 + parts:])


def has_fast_bfloat16():
    try:
        return "avx512_bf16" in pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return False


def learning_rate(step, options, warm_up=200):
    """Per leg: linear warm-up, then half a cosine down to 1 % (Loshchilov and Hutter, SGDR, 2017)."""
    leg = sum(end <= step for end in options.legs)
    begin, end = [0, *options.legs][leg:leg + 2]
    if step - begin < warm_up:
        return options.rate * (step - begin + 1) / warm_up
    progress = (step - begin - warm_up) / max(1, end - begin - warm_up)
    return options.rate * (0.01 + 0.99 * (1 + math.cos(math.pi * progress)) / 2)


class Average:
    """Exponential moving average of the weights; the final model consists of it."""

    def __init__(self, model):
        self.model = build()
        self.model.load_state_dict(model.state_dict())

    @torch.no_grad()
    def update(self, model, step):
        share = 0.998 * (1 - math.exp(-(step + 1) / 300))
        for mine, new in zip(self.model.state_dict().values(), model.state_dict().values()):
            if mine.is_floating_point():
                mine.lerp_(new, 1 - share)
            else:
                mine.copy_(new)


def make_optimizer(model):
    """AdamW with weight decay for kernels only, not for biases and batch normalization."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    groups = [{"params": [p for p in parameters if p.dim() > 1], "weight_decay": 0.02},
              {"params": [p for p in parameters if p.dim() <= 1], "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=0, betas=(0.9, 0.99))


def save_state(path, step, model, average, optimizer):
    unfinished = path.with_suffix(".part")
    torch.save({"step": step, "model": model.state_dict(), "average": average.model.state_dict(),
                "optimizer": optimizer.state_dict()}, unfinished)
    unfinished.rename(path)


def load_state(path, model, average, optimizer):
    state = torch.load(path, map_location="cpu")
    model.load_state_dict(state["model"])
    average.model.load_state_dict(state["average"])
    optimizer.load_state_dict(state["optimizer"])
    return state["step"]


def loader_of(singles, sequences, options, first_step):
    crops = Crops(singles, sequences, options.side, TRAINING_SEED, options.batch, options.alike, options.legs[0])
    samples = range(first_step * options.batch, options.steps * options.batch)
    return torch.utils.data.DataLoader(crops, options.batch, sampler=samples, collate_fn=collate, num_workers=1,
                                       prefetch_factor=4, worker_init_fn=lambda _: os.nice(1))


class Report:
    """Prints the means of the training metrics and the remaining time every 50 steps."""

    def __init__(self, options, first):
        self.options, self.first, self.began, self.values = options, first, time.monotonic(), []

    def add(self, step, values):
        self.values.append(values)
        if (step + 1) % 50 == 0:
            means = [sum(v) / len(v) for v in zip(*self.values)]
            pace = (time.monotonic() - self.began) / (step + 1 - self.first)
            print(f"step {step + 1}/{self.options.steps}: class {means[0]:.3f} box {means[1]:.3f} sides {means[2]:.3f} "
                  f"identity {means[3]:.3f}, found again {means[4]:.2f}; {self.options.batch / pace:.1f} crops/s, "
                  f"{pace * (self.options.steps - step - 1) / 60:.0f} min left", flush=True)
            self.values = []


def train(options, singles, sequences):
    torch.manual_seed(TRAINING_SEED)
    model = for_training(build())
    average, optimizer = Average(model), make_optimizer(model)
    checkpoint = options.work / "state.pt"
    first = load_state(checkpoint, model, average, optimizer) if checkpoint.exists() else 0
    centers, strides = cells(options.side, options.side, [int(s) for s in model.stride])
    reduced = has_fast_bfloat16()
    print(f"train: steps {first} to {options.steps} of {options.batch} crops, {'bfloat16' if reduced else 'float32'}, "
          f"{sum(p.numel() for p in model.parameters())} parameters", flush=True)
    report = Report(options, first)
    for step, (pixels, objects) in enumerate(loader_of(singles, sequences, options, first), first):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, options)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=reduced):
            distances, logits, layers = raw_maps(model, pixels.contiguous(memory_format=torch.channels_last))
        loss, parts = detection_loss(distances, logits, centers, strides, objects)
        likeness = embeddings(layers, objects, options.batch - options.alike)
        identity = identity_loss(*likeness)
        optimizer.zero_grad(set_to_none=True)
        (loss + options.identity * identity).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 10.0)
        optimizer.step()
        average.update(model, step)
        report.add(step, (*parts, float(identity), found_again(*likeness)))
        if (step + 1) % 250 == 0 or step + 1 == options.steps:
            save_state(checkpoint, step + 1, model, average, optimizer)
            save_stock(average.model, options.work / "latest.pt")
    return average.model


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    unseen, singles, sequences = generate_all(options)
    model = train(options, singles, sequences)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_stock(model, options.out)
    print(f"train: {options.out}, {options.out.stat().st_size} bytes")
    print(f"train: on {len(unseen)} images of unseen seeds:\n{table(evaluate(model.eval(), unseen, 640))}")


if __name__ == "__main__":
    main()
