"""Rows of generate.ts as arrays, and the features and targets of the body point network.

Frames: "camera" is x right, y down, z forward. "ray" is the camera turned (without roll) so that its axis goes through the
middle of the person; there the person looks the same wherever in the picture they are.
"""

import json

import numpy as np

LANDMARKS = (
    "nose l_eye_inner l_eye l_eye_outer r_eye_inner r_eye r_eye_outer l_ear r_ear l_mouth r_mouth l_shoulder r_shoulder l_elbow "
    "r_elbow l_wrist r_wrist l_pinky r_pinky l_index r_index l_thumb r_thumb l_hip r_hip l_knee r_knee l_ankle r_ankle l_heel "
    "r_heel l_foot_index r_foot_index"
).split()
SIDED = ["hip", "knee", "ankle", "heel", "toe", "toe_tip", "shoulder", "elbow", "wrist", "index", "pinky", "ear"]
POINTS = [f"{s}_{n}" for n in SIDED for s in "lr"] + ["chest", "neck", "head", "head_top", "nose"]
# The face has eleven landmarks that move as one: three are enough.
USED = [i for i, n in enumerate(LANDMARKS) if not any(w in n for w in ("eye", "mouth", "thumb"))]
USED_NAMES = [LANDMARKS[i] for i in USED]
# In the picture these stay where the landmark is: of its errors there, little follows from the pose (held out people: less than a
# fifth), and what the network learns about them does not hold for real pictures.
KEPT_IN_PICTURE = ("knee", "heel", "toe_tip", "elbow", "wrist", "index", "pinky")
OFFSETS_SEC = (-0.25, -0.1, 0.1, 0.25)
PRIOR_FOCAL = 0.7
# Height of the one body that the pose model has in mind.
MODEL_HEIGHT_M = 1.72

U = len(USED)
P = len(POINTS)
NOW = 6 * U + 1
THEN = 5 * U
INPUTS = NOW + len(OFFSETS_SEC) * THEN


def swapped(names):
    """Index of the mirror image of each name."""
    other = {"l": "r", "r": "l"}
    return [names.index(other[n[0]] + n[1:]) if n[1] == "_" else names.index(n) for n in names]


def load(paths):
    blocks, motions = [], []
    for path in paths:
        meta = json.load(open(path.replace(".f32", ".json")))
        width = sum(length for _, length in meta["fields"])
        rows = np.fromfile(path, np.float32)
        rows = rows[: len(rows) // width * width].reshape(-1, width)
        blocks.append(rows)
        motions += [meta["motions"][int(i)].split("/")[-1] for i in rows[:, 2]]
    rows = np.concatenate(blocks)
    data, at = {}, 0
    for name, length in meta["fields"]:
        part = rows[:, at : at + length]
        data[name] = part[:, 0] if length == 1 else part.reshape(len(rows), -1, 3) if name.endswith(("Px", "M")) else part
        at += length
    data["motion"] = np.array(motions)
    return data


def ray_rotation(direction):
    """n × 3 unit rays → n × 3 × 3: ray axes to camera axes, the smallest turn of the z axis."""
    x, y, z = direction.T
    k = 1 / (1 + z)
    return np.stack(
        [np.stack([1 - k * x * x, -k * x * y, x], -1), np.stack([-k * x * y, 1 - k * y * y, y], -1), np.stack([-x, -y, z], -1)], 1
    )


def view(image_px, world_m, size_px, focal_px):
    """How one frame is looked at: rotation of the ray, and the map between the plane before it and body metres."""
    image, world = image_px[:, USED, :2].astype(np.float64), world_m[:, USED].astype(np.float64)
    rays = (image - size_px[:, None] / 2) / focal_px[:, None, None]
    middle = np.concatenate([rays.mean(1), np.ones((len(rays), 1))], 1)
    R = ray_rotation(middle / np.linalg.norm(middle, axis=1, keepdims=True))
    flat = to_plane(R, rays)
    mean_flat, mean_world = flat.mean(1), world[:, :, :2].mean(1)
    spread = world[:, :, :2] - mean_world[:, None]
    scale = (spread * (flat - mean_flat[:, None])).sum((1, 2)) / (spread**2).sum((1, 2))
    return {"R": R, "scale": np.maximum(scale, 1e-3), "plane": mean_flat, "body": mean_world, "focal": focal_px, "size": size_px}


def to_plane(R, rays):
    """Rays x/z, y/z of the camera on the plane at distance 1 before the turned camera."""
    turned = np.concatenate([rays, np.ones((*rays.shape[:2], 1))], 2) @ R
    return turned[:, :, :2] / turned[:, :, 2:]


def body_plane(v, image_px):
    """Pixels in metres of the model's body, n × k × 2."""
    rays = (image_px[:, :, :2] - v["size"][:, None] / 2) / v["focal"][:, None, None]
    return (to_plane(v["R"], rays) - v["plane"][:, None]) / v["scale"][:, None, None] + v["body"][:, None]


def pixels(v, plane):
    """Inverse of `body_plane`."""
    flat = (plane - v["body"][:, None]) * v["scale"][:, None, None] + v["plane"][:, None]
    d = np.einsum("nij,nkj->nki", v["R"], np.concatenate([flat, np.ones((*flat.shape[:2], 1))], 2))
    return d[:, :, :2] / d[:, :, 2:] * v["focal"][:, None, None] + v["size"][:, None] / 2


def features(image_px, world_m, visibility, time_sec, track, size_px, focal_px):
    """n × INPUTS. `track`: frames of one number are one take, in order; all of them show the person."""
    v = view(image_px, world_m, size_px, focal_px)
    plane = body_plane(v, image_px[:, USED].astype(np.float64))
    n = len(world_m)
    pose = np.concatenate([world_m[:, USED].reshape(n, -1), plane.reshape(n, -1)], 1)
    parts = [pose, visibility[:, USED], np.log(v["scale"])[:, None]]
    for offset in OFFSETS_SEC:
        parts.append(at_times(pose, time_sec, track, offset))
    return np.concatenate(parts, 1).astype(np.float32), v


def at_times(values, time_sec, track, offset):
    """The rows `offset` seconds later in the same take, interpolated; the take's ends are held."""
    out = np.empty_like(values)
    for t in np.unique(track):
        rows = np.flatnonzero(track == t)
        times = time_sec[rows].astype(np.float64)
        want = np.clip(times + offset, times[0], times[-1])
        after = np.clip(np.searchsorted(times, want), 1 if len(rows) > 1 else 0, len(rows) - 1)
        before = np.maximum(after - 1, 0)
        span = times[after] - times[before]
        part = np.where(span > 0, (want - times[before]) / np.where(span > 0, span, 1), 0)[:, None]
        out[rows] = values[rows[before]] * (1 - part) + values[rows[after]] * part
    return out


def mirror_maps():
    """(order, sign) of the inputs and of the outputs in a mirror."""
    swap_used, swap_points = swapped(USED_NAMES), swapped(POINTS)

    def block(swap, width, start):
        order = np.concatenate([[start + j * width + k for k in range(width)] for j in swap])
        sign = np.tile([-1.0] + [1.0] * (width - 1), len(swap))
        return order, sign

    orders, signs, at = [], [], 0
    for step in range(1 + len(OFFSETS_SEC)):
        for width in (3, 2):
            order, sign = block(swap_used, width, at)
            orders.append(order)
            signs.append(sign)
            at += width * U
        if step == 0:
            orders += [at + np.array(swap_used), [at + U]]
            signs += [np.ones(U), [1.0]]
            at += U + 1
    out_orders, out_signs, at = [], [], 0
    for width, negate in ((3, True), (2, True), (1, False), (1, False), (1, False)):
        order, sign = block(swap_points, width, at)
        out_orders.append(order)
        out_signs.append(sign if negate else np.ones(len(sign)))
        at += width * P
    join = lambda parts, kind: np.concatenate(parts).astype(kind)
    return (join(orders, int), join(signs, np.float32)), (join(out_orders, int), join(out_signs, np.float32))


def base():
    """NOW × P·5: the landmark, or mean of landmarks, that says most about each point; what is left is learned."""
    mean_of = {
        "chest": {"l_shoulder": 0.35, "r_shoulder": 0.35, "l_hip": 0.15, "r_hip": 0.15},
        "neck": {"l_shoulder": 0.5, "r_shoulder": 0.5},
        "head": {"l_ear": 0.5, "r_ear": 0.5},
        "head_top": {"l_ear": 0.5, "r_ear": 0.5},
    }
    for side in ("l_", "r_"):
        mean_of[side + "toe"] = {side + "foot_index": 0.6, side + "ankle": 0.2, side + "heel": 0.2}
        mean_of[side + "toe_tip"] = {side + "foot_index": 1}
    out = np.zeros((NOW, 5 * P), np.float32)
    for i, point in enumerate(POINTS):
        for name, share in mean_of.get(point, {point: 1}).items():
            j = USED_NAMES.index(name)
            for k in range(3):
                out[3 * j + k, 3 * i + k] = share / MODEL_HEIGHT_M
            for k in range(2):
                out[3 * U + 2 * j + k, 3 * P + 2 * i + k] = share
    return out


def x_columns():
    """Columns of x among the inputs and among the P·5 targets; y follows each."""
    starts = [3 * i for i in range(U)] + [3 * U + 2 * i for i in range(U)]
    inputs = starts + [NOW + t * THEN + s for t in range(len(OFFSETS_SEC)) for s in starts]
    return np.array(inputs), np.array([3 * i for i in range(P)] + [3 * P + 2 * i for i in range(P)])


def rolled(values, columns, angle_rad):
    """Rows turned about the view's axis, each by its own angle."""
    out = values.copy()
    c, s = np.cos(angle_rad)[:, None], np.sin(angle_rad)[:, None]
    x, y = values[:, columns], values[:, columns + 1]
    out[:, columns] = c * x - s * y
    out[:, columns + 1] = s * x + c * y
    return out


def noise_m():
    """Standard deviation of what is added to the inputs while training: metres, visibility, log scale."""
    pose = np.concatenate([np.full(3 * U, 0.012), np.full(2 * U, 0.005)])
    return np.concatenate([pose, np.full(U, 0.05), [0.03], *[pose] * len(OFFSETS_SEC)]).astype(np.float32)


def targets(data, keep, v):
    """n × P·5: places relative to the mid-hip in ray axes and body heights, then in the plane in body metres."""
    truth = data["truthM"][keep].astype(np.float64)
    size = np.stack([data["widthPx"], data["heightPx"]], 1)[keep].astype(np.float64)
    focal = data["focalPx"][keep].astype(np.float64)
    true_px = truth[:, :, :2] / truth[:, :, 2:] * focal[:, None, None] + size[:, None] / 2
    # The true ray: an error of the guessed focal length must not turn the person.
    rays = (v["true_middle"] - size / 2) / focal[:, None]
    middle = np.concatenate([rays, np.ones((len(rays), 1))], 1)
    R = ray_rotation(middle / np.linalg.norm(middle, axis=1, keepdims=True))
    hip = (truth[:, 0] + truth[:, 1]) / 2
    body = (truth - hip[:, None]) @ R / data["heightM"][keep][:, None, None]
    return np.concatenate([body.reshape(len(body), -1), body_plane(v, true_px).reshape(len(body), -1)], 1).astype(np.float32)
