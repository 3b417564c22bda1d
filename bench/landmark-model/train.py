"""Trains the network of packages/capture/src/lift on rendered people (numpy only).

  python3 train.py --quality balanced --data FILE.f32 ... --out ../../packages/capture/assets/body-points-balanced.bin
"""

import argparse
import hashlib
import json
import time

import numpy as np

import observations as obs
from network import Network, save

VALIDATION_PART = 10
# Part of the epochs that also show the rows of `--also`.
FIRST_PART = 0.6

# Motions of the rendered clips that the accuracy bench scores: nothing is fitted to them, whoever acts them.
SCORED = ("12_01.bvh", "12_03.bvh", "14_19.bvh")

# A row with anything further from the hips is a frame in which the pose model saw something else than the person, metres.
FARTHEST_M = 2.5


def looks(data, keep):
    plain = [data[k][keep] for k in ("imagePx", "worldM", "visibility")]
    if not data["mirroredVisibility"][keep].any():
        return [plain]
    mirrored = [data[k][keep] for k in ("mirroredImagePx", "mirroredWorldM", "mirroredVisibility")]
    return [plain, mirrored, [(a + b) / 2 for a, b in zip(plain, mirrored)]]


def examples(data, keep, rng, focal_sd, which=(0, 1, 2)):
    size = np.stack([data["widthPx"], data["heightPx"]], 1)[keep].astype(np.float64)
    track = data["sequence"][keep]
    xs, ys = [], []
    for image, world, visibility in [look for i, look in enumerate(looks(data, keep)) if i in which]:
        # One error of the focal length for a take.
        ids, of = np.unique(track, return_inverse=True)
        focal = data["focalPx"][keep] * np.exp(focal_sd * rng.standard_normal(len(ids)))[of]
        x, v = obs.features(image, world, visibility, data["timeSec"][keep], track, size, focal)
        v["true_middle"] = image[:, obs.USED, :2].mean(1).astype(np.float64)
        y = obs.targets(data, keep, v)
        good = (np.abs(x[:, : 5 * obs.U]).max(1) < FARTHEST_M) & (np.abs(y).max(1) < FARTHEST_M) & (np.abs(x).max(1) < 2 * FARTHEST_M)
        xs.append(x[good])
        ys.append(y[good])
    return np.concatenate(xs), np.concatenate(ys)


def is_held_out(names):
    """Whole motions, by a hash of their name."""
    unique = {n: int(hashlib.sha256(n.encode()).hexdigest(), 16) % VALIDATION_PART == 0 for n in np.unique(names)}
    return np.array([unique[n] for n in names])


def usable(data):
    return (data["score"] > 0) & ~np.isin(data["motion"], SCORED)


def split(data):
    """Training and validation rows: no motion and no person is in both."""
    found = usable(data)
    held = is_held_out(data["motion"])
    actors = np.unique(data["character"][held])
    return np.flatnonzero(found & ~held & ~np.isin(data["character"], actors)), np.flatnonzero(found & held)


def training_set(data, rows, args, rng):
    mirrored = data["mirroredVisibility"].any(1)
    groups = [group for group in (rows[mirrored[rows]], rows[~mirrored[rows]]) if len(group)]
    parts = [examples(data, group, rng, 0.12) for _ in range(args.copies) for group in groups]
    return tuple(np.concatenate(p) for p in zip(*parts))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", nargs="+", required=True)
    parser.add_argument("--also", nargs="*", help="rows of another landmark network: they are shown in the first epochs")
    parser.add_argument("--quality", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--hidden", type=int, default=160)
    parser.add_argument("--noise", type=float, default=2.0)
    parser.add_argument("--drop", type=float, default=0.2)
    parser.add_argument("--roll", type=float, default=0, help="standard deviation of the turn about the view's axis, degrees")
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="train on the held out part too (for the delivered weights)")
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    data = obs.load(args.data)
    train, held = split(data)
    if args.all:
        train = np.flatnonzero(usable(data))
    x, y = training_set(data, train, args, rng)
    first = (x, y)
    if args.also:
        other = obs.load(args.also)
        rows = np.flatnonzero(usable(other)) if args.all else split(other)[0]
        first = tuple(np.concatenate(pair) for pair in zip(first, training_set(other, rows, args, rng)))
    vx, vy = examples(data, held, np.random.default_rng(0), 0.12, which=(0,))
    print(f"{len(train)} training frames, {len(held)} held out, {x.shape[1]} inputs", flush=True)
    net = Network(*first, args.hidden, rng)
    print("start", net.report(vx, vy), flush=True)
    started = time.time()
    for epoch in range(args.epochs):
        net.epoch(*(first if epoch < FIRST_PART * args.epochs else (x, y)), args.rate * 0.5 * (1 + np.cos(np.pi * epoch / args.epochs)), args.noise, args.drop, np.radians(args.roll), rng)
        if epoch % 4 == 3 or epoch == args.epochs - 1:
            print(epoch + 1, f"{time.time() - started:.0f} s", net.report(vx, vy), flush=True)
            save(args.out, net, args.quality)


if __name__ == "__main__":
    main()
