"""Finds every feature by its folder: whatever has a `manifest.py` belongs to the house."""

import pkgutil
from functools import cache
from importlib import import_module

import modules
import network
import tenants
from hjelpa.core.contract import Manifest
from hjelpa.core.features import ContractError, Features

HOUSES = (tenants, network, modules)


@cache
def find_features() -> Features:
    """Imports every manifest below `tenants`, `network` and `modules`; raises ContractError on contradictions."""
    return Features(_manifests())


def _manifests() -> list[Manifest]:
    found = []
    for house in HOUSES:
        for folder in pkgutil.iter_modules(house.__path__, f"{house.__name__}."):
            if not folder.ispkg:
                continue
            parts = {module.name for module in pkgutil.iter_modules(import_module(folder.name).__path__)}
            if "models" in parts:
                # Tables are known even where no page has asked for them yet.
                import_module(f"{folder.name}.models")
            if "manifest" in parts:
                found.append(_manifest(folder.name))
    return found


def _manifest(feature: str) -> Manifest:
    manifest = import_module(f"{feature}.manifest").manifest
    if not isinstance(manifest, Manifest):
        raise ContractError(f"{feature}.manifest.manifest is not a Manifest")
    return manifest
