"""A small network with a linear path beside it, trained with Adam on a Laplace likelihood; float32, numpy only."""

import json

import numpy as np

import observations as obs

P = obs.P
BODY = 3 * P
PLANE = 2 * P
MEANS = BODY + PLANE
BASE = obs.base()
NOISE = obs.noise_m()
IN_X, OUT_X = obs.x_columns()
OUT = MEANS + 3 * P
MAGIC = b"GWLIFT1\n"
(IN_ORDER, IN_SIGN), (OUT_ORDER, OUT_SIGN) = obs.mirror_maps()


def symmetric(values, order):
    return (values + values[order]) / 2


class Network:
    def __init__(self, x, y, hidden, rng):
        n_in = x.shape[1]
        # Input statistics that are the same in a mirror.
        mean = x.mean(0)
        self.mean = (mean + IN_SIGN * mean[IN_ORDER]) / 2
        self.scale = 1 / np.sqrt(symmetric(((x - self.mean) ** 2).mean(0), IN_ORDER) + 1e-4)
        z = self.normal(x)
        now = z[:, : obs.NOW]
        # The linear path starts at the ridge solution.
        design = np.concatenate([now, np.ones((len(now), 1), np.float32)], 1)
        gram = design.T @ design + 0.003 * len(z) * np.eye(design.shape[1])
        ridge = np.linalg.solve(gram, design.T @ (y - x[:, : obs.NOW] @ BASE))
        self.w = {
            "skip": np.concatenate([ridge[:-1], np.zeros((obs.NOW, OUT - MEANS))], 1),
            "b3": np.concatenate([ridge[-1], np.full(OUT - MEANS, -3.5)]),
            "w1": rng.standard_normal((n_in, hidden)) * np.sqrt(2 / n_in),
            "b1": np.zeros(hidden),
            "w2": rng.standard_normal((hidden, hidden)) * np.sqrt(2 / hidden),
            "b2": np.zeros(hidden),
            "w3": rng.standard_normal((hidden, OUT)) * 0.02 / np.sqrt(hidden),
        }
        self.w = {k: v.astype(np.float32) for k, v in self.w.items()}
        self.average = {k: v.copy() for k, v in self.w.items()}
        self.m = {k: np.zeros_like(v) for k, v in self.w.items()}
        self.v = {k: np.zeros_like(v) for k, v in self.w.items()}
        self.steps = 0

    def normal(self, x):
        return ((x - self.mean) * self.scale).astype(np.float32)

    def forward(self, z, w):
        a1 = z @ w["w1"] + w["b1"]
        h1 = np.maximum(a1, 0)
        a2 = h1 @ w["w2"] + w["b2"]
        h2 = np.maximum(a2, 0)
        return h1, h2, h2 @ w["w3"] + z[:, : obs.NOW] @ w["skip"] + w["b3"]

    def predict(self, x):
        """Means and log widths; the mean of both sides of the mirror."""
        out = self.residuals(x)
        out[:, :MEANS] += x[:, : obs.NOW] @ BASE
        return out

    def residuals(self, x):
        direct = self.forward(self.normal(x), self.average)[2]
        flipped = self.forward(self.normal(x[:, IN_ORDER] * IN_SIGN), self.average)[2]
        return (direct + flipped[:, OUT_ORDER] * OUT_SIGN) / 2

    def epoch(self, x, y, rate, noise, drop, roll_rad, rng, batch=256, mask=0.0):
        order = rng.permutation(len(x))
        flip_in, flip_out = OUT_ORDER[:MEANS], OUT_SIGN[:MEANS]
        for start in range(0, len(order) - batch + 1, batch):
            rows = order[start : start + batch]
            bx, by = x[rows], y[rows]
            if rng.random() < 0.5:
                bx, by = bx[:, IN_ORDER] * IN_SIGN, by[:, flip_in] * flip_out
            if roll_rad > 0:
                angle = (roll_rad * rng.standard_normal(batch)).astype(np.float32)
                bx, by = obs.rolled(bx, IN_X, angle), obs.rolled(by, OUT_X, angle)
            bx = bx + noise * NOISE * rng.standard_normal(bx.shape, dtype=np.float32)
            z = self.normal(bx)
            if mask > 0:
                z = z * (rng.random(z.shape, dtype=np.float32) > mask)
            self.step(z, by - bx[:, : obs.NOW] @ BASE, rate, drop, rng)

    def step(self, z, y, rate, drop, rng):
        w = self.w
        h1, h2, out = self.forward(z, w)
        if drop > 0:
            keep = (rng.random(h2.shape, dtype=np.float32) > drop) / np.float32(1 - drop)
            out = (h2 * keep) @ w["w3"] + z[:, : obs.NOW] @ w["skip"] + w["b3"]
        g = self.gradient(out, y) / len(z)
        kept = h2 * keep if drop > 0 else h2
        g2 = (g @ w["w3"].T) * (h2 > 0)
        if drop > 0:
            g2 = g2 * keep
        g1 = (g2 @ w["w2"].T) * (h1 > 0)
        grads = {
            "w3": kept.T @ g,
            "b3": g.sum(0),
            "skip": z[:, : obs.NOW].T @ g,
            "w2": h1.T @ g2,
            "b2": g2.sum(0),
            "w1": z.T @ g1,
            "b1": g1.sum(0),
        }
        self.adam(grads, rate)

    def gradient(self, out, y):
        """Of Σ |residual| / width + log width; widths: xy and z of the body, and the plane."""
        g = np.empty_like(out)
        r = out[:, :MEANS] - y
        body, plane = r[:, :BODY].reshape(-1, P, 3), r[:, BODY:].reshape(-1, P, 2)
        logs = np.clip(out[:, MEANS:], -7, 1)
        widths = np.exp(logs).reshape(-1, 3, P)
        gb = np.sign(body) * smooth(body) / widths[:, 0][:, :, None]
        gb[:, :, 2] = (np.sign(body) * smooth(body))[:, :, 2] / widths[:, 1]
        gp = np.sign(plane) * smooth(plane) / widths[:, 2][:, :, None]
        g[:, :BODY] = gb.reshape(len(r), -1)
        g[:, BODY:MEANS] = gp.reshape(len(r), -1)
        lateral = 2 - np.abs(body[:, :, :2]).sum(2) / widths[:, 0]
        depth = 1 - np.abs(body[:, :, 2]) / widths[:, 1]
        flat = 2 - np.abs(plane).sum(2) / widths[:, 2]
        g[:, MEANS:] = np.concatenate([lateral, depth, flat], 1)
        return np.clip(g, -200, 200)

    def adam(self, grads, rate):
        self.steps += 1
        for k, g in grads.items():
            self.m[k] += 0.1 * (g - self.m[k])
            self.v[k] += 0.001 * (g * g - self.v[k])
            correction = np.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps)
            slow = 0.1 if k == "skip" else 1.0
            decay = 0.01 if k in ("w1", "w2", "w3") else 0.0
            self.w[k] -= rate * slow * (correction * self.m[k] / (np.sqrt(self.v[k]) + 1e-8) + decay * self.w[k])
            blend = min(0.998, self.steps / (self.steps + 10))
            self.average[k] += (1 - blend) * (self.w[k] - self.average[k])

    def report(self, x, y):
        p = self.predict(x)
        body = (p[:, :BODY] - y[:, :BODY]).reshape(-1, P, 3) * 1750
        plane = (p[:, BODY:MEANS] - y[:, BODY:]).reshape(-1, P, 2) * 1000
        joints = [obs.POINTS.index(f"{s}_{n}") for n in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle") for s in "lr"]
        error = np.linalg.norm(body[:, joints], axis=2)
        return f"MPJPE {error.mean():.1f} mm, median {np.median(error):.1f}, plane {np.median(np.linalg.norm(plane, axis=2)):.1f}"


def smooth(r, width=0.003):
    """Rounds the corner of |r|."""
    return np.minimum(1, np.abs(r) / width)


def save(path, net, quality):
    """Weights with the input statistics folded in, as float16 after a JSON header; see packages/capture/src/lift/network-file.ts."""
    w = net.average
    shift = net.mean * net.scale
    w1 = w["w1"] * net.scale[:, None]
    skip = w["skip"] * net.scale[: obs.NOW, None]
    w3, b3 = w["w3"].copy(), w["b3"] - shift[: obs.NOW] @ w["skip"]
    for i, point in enumerate(obs.POINTS):
        if point.removeprefix("l_").removeprefix("r_") in obs.KEPT_IN_PICTURE:
            columns = slice(BODY + 2 * i, BODY + 2 * i + 2)
            w3[:, columns] = skip[:, columns] = b3[columns] = 0
    skip[:, :MEANS] += BASE
    b1 = w["b1"] - shift @ w["w1"]
    layers = [("w1", w1.T), ("b1", b1), ("w2", w["w2"].T), ("b2", w["b2"]), ("w3", w3.T), ("skip", skip.T), ("b3", b3)]
    header = {
        "quality": quality,
        "landmarks": obs.USED,
        "points": obs.POINTS,
        "offsetsSec": obs.OFFSETS_SEC,
        "hidden": int(w["w2"].shape[0]),
    }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(len(MAGIC) + 4 + len(text)) % 8)
    with open(path, "wb") as file:
        file.write(MAGIC + len(text).to_bytes(4, "little") + text)
        for _, values in layers:
            file.write(np.ascontiguousarray(values).astype("<f2").tobytes())


def load(path):
    """The arrays of a weight file, as float32."""
    raw = open(path, "rb").read()
    if raw[: len(MAGIC)] != MAGIC:
        raise ValueError("not a weight file")
    length = int.from_bytes(raw[len(MAGIC) : len(MAGIC) + 4], "little")
    at = len(MAGIC) + 4
    header = json.loads(raw[at : at + length])
    values = np.frombuffer(raw, "<f2", offset=at + length).astype(np.float32)
    hidden = header["hidden"]
    shapes = [("w1", (hidden, obs.INPUTS)), ("b1", (hidden,)), ("w2", (hidden, hidden)), ("b2", (hidden,))]
    shapes += [("w3", (OUT, hidden)), ("skip", (OUT, obs.NOW)), ("b3", (OUT,))]
    weights, start = {}, 0
    for name, shape in shapes:
        count = int(np.prod(shape))
        weights[name] = values[start : start + count].reshape(shape)
        start += count
    return weights


def predict(w, x):
    """As `Network.predict`, from loaded weights."""

    def forward(x):
        h1 = np.maximum(x @ w["w1"].T + w["b1"], 0)
        h2 = np.maximum(h1 @ w["w2"].T + w["b2"], 0)
        return h2 @ w["w3"].T + x[:, : obs.NOW] @ w["skip"].T + w["b3"]

    return (forward(x) + forward(x[:, IN_ORDER] * IN_SIGN)[:, OUT_ORDER] * OUT_SIGN) / 2
