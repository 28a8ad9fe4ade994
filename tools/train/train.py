#!/usr/bin/python3
"""Trains the demo model from scratch on generated scenes; everything follows from the seeds below.

    python3 tools/train/train.py            (make_scene must be built: cmake --build build/release --target make_scene)

Needs Debian's python3-torch, python3-numpy and python3-pil. Scenes and checkpoints go to build/demo-training; a run that
was stopped goes on from its last checkpoint. On one core with AVX512-BF16 it takes about an hour (pictures are
convolved in bfloat16 there); on others float32 is used, which takes two to three times as long. The figures it ends with are those
of data/demo/MODEL.md; between machines weights differ by rounding.
"""
import argparse
import math
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools" / "train"), str(ROOT / "tools")]

import torch

from evaluate import evaluate, table
from loss import detection_loss
from network import build, cells, for_training, raw_maps, save_stock
from scenes import Crops, Scenes, collate

TRAINING_SEED, UNSEEN_SEED = 1, 900001


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--make-scene", default=ROOT / "build/release/make_scene", type=pathlib.Path)
    parser.add_argument("--work", default=ROOT / "build/demo-training", type=pathlib.Path, help="scenes, checkpoints")
    parser.add_argument("--out", default=ROOT / "data/demo/onepass-demo.pt", type=pathlib.Path)
    parser.add_argument("--frames", type=int, default=4000, help="generated for training")
    parser.add_argument("--unseen", type=int, default=400, help="frames generated for the final figures")
    parser.add_argument("--size", default="640x384", help="of generated frames")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--side", type=int, default=320, help="of the crops trained on, in pixels")
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def generate(options, name, frames, seed):
    """Frames in MOTChallenge layout, kept between runs."""
    folder = options.work / f"{name}-{seed}-{frames}-{options.size}"
    if not (folder / "gt" / "gt.txt").exists():
        print(f"train: making {frames} frames in {folder}", flush=True)
        unfinished = folder.with_name(folder.name + ".part")
        subprocess.run(["rm", "-rf", unfinished], check=True)
        subprocess.run([options.make_scene, unfinished, "--training", str(frames), "--seed", str(seed),
                        "--size", options.size], check=True)
        unfinished.rename(folder)
    return Scenes([folder])


def has_fast_bfloat16():
    try:
        return "avx512_bf16" in pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return False


def learning_rate(step, options, warm_up=200):
    """Rises linearly, then falls along half a cosine to a hundredth."""
    if step < warm_up:
        return options.rate * (step + 1) / warm_up
    progress = (step - warm_up) / max(1, options.steps - warm_up)
    return options.rate * (0.01 + 0.99 * (1 + math.cos(math.pi * progress)) / 2)


class Average:
    """The running mean of the weights, which is what is kept in the end."""

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
    """Weight decay for kernels only; biases and normalisation go without."""
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


def loader_of(scenes, options, first_step):
    crops = Crops(scenes, options.side, TRAINING_SEED, options.steps * options.batch)
    return torch.utils.data.DataLoader(
        crops, options.batch, sampler=range(first_step * options.batch, len(crops)), collate_fn=collate, num_workers=1,
        prefetch_factor=4, worker_init_fn=lambda _: os.nice(1))


def train(options, scenes):
    torch.manual_seed(TRAINING_SEED)
    model = for_training(build())
    average, optimizer = Average(model), make_optimizer(model)
    checkpoint = options.work / "state.pt"
    first = load_state(checkpoint, model, average, optimizer) if checkpoint.exists() else 0
    centers, strides = cells(options.side, options.side, [int(s) for s in model.stride])
    reduced = has_fast_bfloat16()
    print(f"train: steps {first} to {options.steps} of {options.batch} crops, {'bfloat16' if reduced else 'float32'}, "
          f"{sum(p.numel() for p in model.parameters())} parameters", flush=True)
    began, means = time.monotonic(), [0.0, 0.0, 0.0]
    for step, (pixels, objects) in enumerate(loader_of(scenes, options, first), first):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, options)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=reduced):
            distances, logits = raw_maps(model, pixels.contiguous(memory_format=torch.channels_last))
        loss, parts = detection_loss(distances, logits, centers, strides, objects)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 10.0)
        optimizer.step()
        average.update(model, step)
        means = [m + p / 50 for m, p in zip(means, parts)]
        if (step + 1) % 50 == 0:
            pace = (time.monotonic() - began) / (step + 1 - first)
            print(f"step {step + 1}/{options.steps}: class {means[0]:.3f} box {means[1]:.3f} sides {means[2]:.3f}, "
                  f"{options.batch / pace:.1f} crops/s, {pace * (options.steps - step - 1) / 60:.0f} min left", flush=True)
            means = [0.0, 0.0, 0.0]
        if (step + 1) % 250 == 0 or step + 1 == options.steps:
            save_state(checkpoint, step + 1, model, average, optimizer)
            save_stock(average.model, options.work / "latest.pt")
    return average.model


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    scenes = generate(options, "training", options.frames, TRAINING_SEED)
    unseen = generate(options, "unseen", options.unseen, UNSEEN_SEED)
    model = train(options, scenes)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_stock(model, options.out)
    print(f"train: {options.out}, {options.out.stat().st_size} bytes")
    print(f"train: on {len(unseen)} frames of unseen seeds:\n{table(evaluate(model.eval(), unseen, 640))}")


if __name__ == "__main__":
    main()
