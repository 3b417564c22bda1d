"""Scores the network against the pose model's own points on clips with known truth.

  python3 evaluate.py --weights FILE.bin --landmarks DIR --truth DIR [--quality balanced] [--focal prior|true]

DIR of landmarks: CLIP.QUALITY.json and CLIP.QUALITY.mirrored.json, `Landmarks` as JSON. None of these clips is ever trained on.
"""

import argparse
import json
import os

import numpy as np

import observations as obs
from network import load, predict

JOINTS = [f"{s}_{n}" for n in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle") for s in "lr"]
CLIPS = ["walk_front", "punch_34", "bend_scoop", "dance_portrait", "balance_cam01"]
RAW_OF = {"toe_tip": "foot_index"}


def read_landmarks(path):
    j = json.load(open(path))
    n = j["frameCount"]
    shape = lambda k, *s: np.array(j[k], np.float32).reshape(n, *s)
    return {
        "found": np.array(j["found"]) > 0,
        "time": np.array(j["timesSec"], float),
        "image": shape("imagePx", 33, 3),
        "world": shape("worldM", 33, 3),
        "visibility": shape("visibility", 33),
        "size": np.array([j["widthPx"], j["heightPx"]], float),
    }


def read_truth(path):
    """Names, n × k × 3 camera metres, focal length, principal point."""
    t = json.load(open(path))
    world = np.array([f["joints"] for f in t["frames"]], float)
    R, shift = np.array(t["camera"]["R"]).reshape(3, 3), np.array(t["camera"]["t"])
    K = np.array(t["camera"]["K"]).reshape(3, 3)
    subject = t.get("subject", {})
    return t["joints"], world @ R.T + shift, K, t["fps"], subject.get("height_m")


def aligned(x, y):
    """Per frame similarity Procrustes of x onto y."""
    mx, my = x.mean(1, keepdims=True), y.mean(1, keepdims=True)
    a, b = x - mx, y - my
    u, s, vt = np.linalg.svd(np.einsum("nij,nik->njk", a, b))
    d = np.ones((len(x), 3))
    d[:, 2] = np.sign(np.linalg.det(u @ vt))
    R = np.einsum("nij,nj,njk->nik", u, d, vt)
    scale = (s * d).sum(1) / (a**2).sum((1, 2))
    return np.einsum("nij,njk->nik", a, R) * scale[:, None, None] + my


def scores(x, y):
    """MPJPE with the mid-hip removed and PA-MPJPE, mm; body12."""
    hip = JOINTS.index("l_hip")
    centre = lambda p: p - (p[:, hip : hip + 1] + p[:, hip + 1 : hip + 2]) / 2
    distance = lambda a, b: np.linalg.norm(a - b, axis=2).mean() * 1000
    return distance(centre(x), centre(y)), distance(aligned(x, y), y)


def main():
    parser = argparse.ArgumentParser()
    for name in ("weights", "landmarks", "truth"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--quality", default="balanced")
    parser.add_argument("--focal", default="prior")
    parser.add_argument("--joints", action="store_true")
    args = parser.parse_args()
    net = load(args.weights)
    table, before, after = [], {}, {}
    for clip in CLIPS:
        both = [read_landmarks(os.path.join(args.landmarks, f"{clip}.{args.quality}{m}.json")) for m in ("", ".mirrored")]
        names, truth, K, fps, height = read_truth(os.path.join(args.truth, f"{clip}.truth.json"))
        plain = both[0]
        keep = np.flatnonzero(plain["found"] & both[1]["found"])
        index = np.clip(np.round(plain["time"][keep] * fps).astype(int), 0, len(truth) - 1)
        true = truth[index][:, [names.index(j) for j in JOINTS]]
        size = np.repeat(plain["size"][None], len(keep), 0)
        guess = obs.PRIOR_FOCAL * np.hypot(*plain["size"]) if args.focal == "prior" else K[0, 0]
        focal = np.full(len(keep), guess)
        raw_of = [obs.LANDMARKS.index(j) for j in JOINTS]
        raw = scores(plain["world"][keep][:, raw_of].astype(float), true)
        mean = {k: (plain[k][keep] + both[1][k][keep]) / 2 for k in ("image", "world", "visibility")}
        raw_mean = scores(mean["world"][:, raw_of].astype(float), true)
        outs = []
        for look in ({k: plain[k][keep] for k in mean}, {k: both[1][k][keep] for k in mean}):
            x, v = obs.features(look["image"], look["world"], look["visibility"], plain["time"][keep], np.zeros(len(keep)), size, focal)
            p = predict(net, x)
            body = p[:, : 3 * obs.P].reshape(-1, obs.P, 3)
            plane = p[:, 3 * obs.P : 5 * obs.P].reshape(-1, obs.P, 2)
            outs.append((np.einsum("nij,nkj->nki", v["R"], body), obs.pixels(v, plane)))
        own = [obs.POINTS.index(j) for j in JOINTS]
        row = [clip, *raw, *raw_mean]
        for body in (outs[0][0], (outs[0][0] + outs[1][0]) / 2):
            row += scores(body[:, own] * (height or 1.75), true)
        table.append(row)
        image = (outs[0][1] + outs[1][1]) / 2
        for point in obs.POINTS:
            if point not in names:
                continue
            place = truth[index][:, names.index(point)]
            px = place @ K.T
            px = px[:, :2] / px[:, 2:]
            unit = 1750 / ((height or 1.75) * K[0, 0] / place[:, 2])
            raw_name = RAW_OF.get(point[2:], point[2:])
            raw_name = point[:2] + raw_name if point[1] == "_" else point
            if raw_name in obs.LANDMARKS:
                e = np.linalg.norm(mean["image"][:, obs.LANDMARKS.index(raw_name), :2] - px, axis=1) * unit
                before.setdefault(point, {})[clip] = np.median(e)
            after.setdefault(point, {})[clip] = np.median(np.linalg.norm(image[:, obs.POINTS.index(point)] - px, axis=1) * unit)
    print(f"{'clip':16}{'raw':>16}{'raw + mirror':>16}{'network':>16}{'network + mirror':>18}   MPJPE / PA-MPJPE, mm")
    cell = lambda a, b: f"{a:8.1f} / {b:5.1f}"
    for row in [*table, ["mean of dev", *np.mean([r[1:] for r in table[:4]], 0)]]:
        print(f"{row[0]:16}" + "".join(cell(row[i], row[i + 1]) for i in range(1, 9, 2)))
    if args.joints:
        mean_of = lambda d: np.mean([d[c] for c in CLIPS[:4] if c in d])
        print("median 2D error on the dev clips, mm at body scale (1.75 m): before -> after")
        for point in obs.POINTS:
            if point in after:
                print(f"  {point:12}{mean_of(before[point]) if point in before else float('nan'):6.1f} -> {mean_of(after[point]):5.1f}")


if __name__ == "__main__":
    main()
