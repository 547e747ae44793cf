"""Mines sets of lines with Drain3 and says which template each line got.

Usage: python mine-with-drain3.py SETS.json RESULT.json
SETS.json: {name: [line, ...]}; RESULT.json: {name: {templates: [...], seconds: s}}
One configuration for all: the defaults, with the masking that Drain3's own
example configuration proposes.
"""
import json
import sys
import time

from drain3 import TemplateMiner
from drain3.masking import MaskingInstruction
from drain3.template_miner_config import TemplateMinerConfig

BEFORE = r"((?<=[^A-Za-z0-9])|^)"
AFTER = r"((?=[^A-Za-z0-9])|$)"
MASKS = [
    (BEFORE + r"(([0-9a-f]{2,}:){3,}([0-9a-f]{2,}))" + AFTER, "*"),
    (BEFORE + r"(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})" + AFTER, "*"),
    (BEFORE + r"([0-9a-f]{6,} ?){3,}" + AFTER, "*"),
    (BEFORE + r"([0-9A-F]{4} ?){4,}" + AFTER, "*"),
    (BEFORE + r"(0x[a-f0-9A-F]+)" + AFTER, "*"),
    (BEFORE + r"([\-\+]?\d+)" + AFTER, "*"),
    (r"(?<=executed cmd )(\".+?\")", "*"),
]


def mine(lines):
    config = TemplateMinerConfig()
    config.masking_instructions = [MaskingInstruction(p, m) for p, m in MASKS]
    config.mask_prefix = "<"
    config.mask_suffix = ">"
    config.profiling_enabled = False
    miner = TemplateMiner(config=config)
    start = time.perf_counter()
    ids = [miner.add_log_message(line)["cluster_id"] for line in lines]
    seconds = time.perf_counter() - start
    texts = {c.cluster_id: c.get_template() for c in miner.drain.clusters}
    return {"templates": [texts[i] for i in ids], "seconds": seconds}


with open(sys.argv[1], encoding="utf-8") as file:
    sets = json.load(file)
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump({name: mine(lines) for name, lines in sets.items()}, file)
