import { G1_HELP } from '../g1-options.ts';

export const PROCESS_HELP = `Usage: gaitway process VIDEO|FOLDER --out DIR [options]

Turns a video of one person into animation. Writes into DIR: the files of each target (default.fbx, …), motion.clip,
preview.mp4 and manifest.json; all of them or, if the run is stopped, none.

Options:
  --out DIR                 where the files go; made if missing
  --targets LIST            default, unitree_g1, or both with a comma          (default)
  --fps N                   24, 30, 60 or 120 frames a second in the files     (30)
  --trim START:END          the part to use, in seconds; either may be empty
  --quality LEVEL           fast, balanced or accurate                         (balanced)
  --mocap-type TYPE         full_body or upper_body                            (full_body)
  --height METRES           body height of the person, if known: better scale
  --subject N | X,Y@T       whose motion, when several people are seen: a number of the manifest's
                            people, or a place in pixels at a time in seconds
  --max-duration SECONDS    refuse to work on more than this                   (600)
  --fov DEGREES             field of view across the longer side of the picture, if known
  --smoothing 0..1          0 keeps every wobble, 1 is calm                    (0.5)
  --foot-lock MODE          auto, off or strong                                (auto)
  --no-preview              skip preview.mp4
  --json                    print the manifest instead of a summary
  --jobs N                  of a folder: videos worked on at a time            (1)

A folder: every video in it goes to a sub-folder of DIR; what is done already, with the same options, is skipped. Exit code 5 if any failed.

Options of the default target:
  --proportions KIND        standard (one rig for all clips) or person (this person's own lengths)
  --rest-pose POSE          a or t
  --root-motion KIND        pelvis, root or in-place
  --skeleton KIND           ue5 or mixamo
  --formats LIST            fbx, glb, bvh

${G1_HELP}

Exit codes: 0 done · 2 wrong usage · 3 the source cannot be read · 4 nobody was found in it · 5 a target failed · 1 our fault.
A name that begins with a dash goes after "--": gaitway process --out DIR -- -clip.mp4`;
