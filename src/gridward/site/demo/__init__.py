"""`gridward demo`: the fictional district 云溪区, generated from one seed, lived in through the real actions."""

from gridward.site.demo.load import SIZES, load_demo

__all__ = ["SIZES", "load_demo"]
