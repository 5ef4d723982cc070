#!/usr/bin/env python3
"""Score the reading on every gold set that is here and hold it to the committed floors (.ci/floors.json).

    floors.py BIN            compare; exit 1 on a loss
    floors.py BIN --bless    write what was measured, less a margin of 0.005, as the new floors
"""
import json, re, subprocess, sys, tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ROOT / ".ci" / "floors.json"
SCORER = ROOT / ".." / "shared" / "tools" / "score.py"
SETS = {"seeds": ROOT / ".." / "shared" / "seeds", "tune": ROOT / "tests/gold/tune", "blind": ROOT / "tests/gold/blind"}
# scope in the scorer's report → which of its figures has a floor
HELD = {"node all": ("f1",), "edge all": ("f1", "precision"), "question": ("f1",), "question other": ("f1",), "answered": ("rate",)}


def measure(binary, folder):
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        done = subprocess.run([sys.executable, str(SCORER), "--bin", binary, str(folder), "--json", out.name], capture_output=True, text=True)
        # It ends with 1 where a question names what the reading did not find: that is a figure, not a fault of the scorer.
        counted = re.match(r"\d+ documents, (\d+) failures", done.stdout)
        if not counted:
            raise SystemExit(f"the scorer failed on {folder}:\n{done.stdout[:2000]}{done.stderr[:2000]}")
        return json.loads(Path(out.name).read_text()) | {"answered": {"rate": 1 - int(counted[1]) / questions(folder)}}


def questions(folder):
    """How many questions a gold set asks."""
    return max(1, sum(len(json.loads(f.read_text()).get("questions", [])) for f in Path(folder).rglob("*.gold.json")))


def main():
    binary, bless = sys.argv[1], "--bless" in sys.argv
    if not SCORER.exists():
        print("no scorer beside the project: the floors are not checked here")
        return 0
    floors = json.loads(FLOORS.read_text()) if FLOORS.exists() else {}
    lost, new = [], {}
    for name, folder in SETS.items():
        if not folder.is_dir():
            print(f"{name}: {folder} is not here")
            continue
        got = measure(binary, folder)
        for scope, figures in HELD.items():
            for figure in figures:
                value = got.get(scope, {}).get(figure, 0.0)
                floor = floors.get(name, {}).get(f"{scope} {figure}", 0.0)
                print(f"  {name:6} {scope:15} {figure:10} {value:.3f}  (floor {floor:.3f})")
                new.setdefault(name, {})[f"{scope} {figure}"] = round(max(0.0, value - 0.005), 3)
                if value < floor:
                    lost.append(f"{name}: {scope} {figure} fell to {value:.3f}, below its floor {floor:.3f}")
    if bless:
        FLOORS.write_text(json.dumps(new, indent=1) + "\n")
    for line in lost:
        print("LOST", line)
    return 1 if lost and not bless else 0


if __name__ == "__main__":
    sys.exit(main())
