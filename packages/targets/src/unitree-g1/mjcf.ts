import { G1_CAPSULES } from './capsules.ts';
import type { G1Model } from './model.ts';
import { SOLE_POINTS_M } from './model.ts';

const AXIS_TEXT = ['1 0 0', '0 1 0', '0 0 1'] as const;
const SOLE_RADIUS_M = 0.005;

/**
 * The robot as a MuJoCo model of primitive shapes, written from the same table that everything else reads: an independent judge
 * of kinematics, contacts and self-collision. Joint order of the file is the motor order.
 */
export function g1Mjcf(model: G1Model): string {
  return `<mujoco model="${model.variant}">
<compiler angle="radian" autolimits="true" eulerseq="XYZ"/>
<default><geom contype="1" conaffinity="1"/></default>
<worldbody>
<geom name="floor" type="plane" size="0 0 1"/>
${body(model, 0)}
</worldbody>
</mujoco>`;
}

function body(model: G1Model, link: number): string {
  const j = link - 1;
  const place = link === 0 ? 'pos="0 0 0.793"' : `pos="${triple(model.originM, j)}" euler="${triple(model.rpyRad, j)}"`;
  const joint =
    link === 0
      ? '<freejoint name="floating_base_joint"/>'
      : `<joint name="${model.jointNames[j]}_joint" type="hinge" axis="${AXIS_TEXT[model.axis[j]]}" range="${model.lowerRad[j] - 1e-9} ${model.upperRad[j] + 1e-9}"/>`;
  const children = model.linkNames.flatMap((_, l) => (l > 0 && model.parentLink[l - 1] === link ? [body(model, l)] : []));
  return `<body name="${model.linkNames[link]}" ${place}>
<inertial pos="${triple(model.comM, link)}" mass="${model.massKg[link]}" fullinertia="${fullInertia(model, link)}"/>
${joint}
${geoms(model, link)}
${children.join('\n')}
</body>`;
}

function geoms(model: G1Model, link: number): string {
  const lines = G1_CAPSULES.filter((c) => c.link === link).map((c) => {
    const isBall = c.fromM.every((v, k) => v === c.toM[k]);
    const shape = isBall ? `type="sphere" pos="${c.fromM.join(' ')}"` : `type="capsule" fromto="${[...c.fromM, ...c.toM].join(' ')}"`;
    return `<geom name="${c.name}" ${shape} size="${c.radiusM}"/>`;
  });
  if (model.linkNames[link].endsWith('ankle_roll_link')) {
    for (let p = 0; p < 4; p++) {
      const [x, y, z] = SOLE_POINTS_M.subarray(p * 3, p * 3 + 3);
      lines.push(
        `<geom name="${model.linkNames[link]}_sole_${p}" type="sphere" pos="${x} ${y} ${z + SOLE_RADIUS_M}" size="${SOLE_RADIUS_M}"/>`,
      );
    }
  }
  return lines.join('\n');
}

/** MuJoCo's order: xx yy zz xy xz yz. */
const fullInertia = ({ inertia }: G1Model, link: number): string => [0, 4, 8, 1, 2, 5].map((k) => inertia[link * 9 + k]).join(' ');

const triple = (values: Float64Array, index: number): string => Array.from(values.subarray(index * 3, index * 3 + 3)).join(' ');
