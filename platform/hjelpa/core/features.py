"""All features of one application together: their order, and every question that spans them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from hjelpa.core.contract import GuidePassage, Job, Manifest, NoticeKind, Permission, Scope


class ContractError(RuntimeError):
    """Two manifests contradict each other, or one asks for something that does not exist."""


class Features:
    """All features of one application, found by the registry; answers every question that spans them."""

    def __init__(self, manifests: Iterable[Manifest]) -> None:
        self.manifests = _in_order(tuple(manifests))
        self._by_name = {manifest.name: manifest for manifest in self.manifests}
        self._by_blueprint = {
            blueprint.name: manifest for manifest in self.manifests for blueprint in manifest.blueprints
        }
        _refuse_twins("permission", [p.id for m in self.manifests for p in m.permissions])
        _refuse_twins("scope", [scope.id for m in self.manifests for scope in m.scopes])
        _refuse_twins("job", [job.name for m in self.manifests for job in m.jobs])
        _refuse_twins("indicator", [i.id for m in self.manifests for i in m.indicators])
        _refuse_twins("notice", [n.id for m in self.manifests for n in m.notices])

    @cached_property
    def permissions(self) -> tuple[Permission, ...]:
        return tuple(permission for manifest in self.manifests for permission in manifest.permissions)

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        return tuple(scope for manifest in self.manifests for scope in manifest.scopes)

    @cached_property
    def jobs(self) -> Mapping[str, Job]:
        return {job.name: job for manifest in self.manifests for job in manifest.jobs}

    @cached_property
    def notices(self) -> Mapping[str, NoticeKind]:
        return {notice.id: notice for manifest in self.manifests for notice in manifest.notices}

    @cached_property
    def passages(self) -> Mapping[str, tuple[Manifest, GuidePassage]]:
        """Guide passages by the endpoint of the page they explain."""
        return {
            endpoint: (manifest, passage)
            for manifest in self.manifests
            for passage in manifest.guide
            for endpoint in passage.endpoints
        }

    def find(self, name: str) -> Manifest | None:
        return self._by_name.get(name)

    def find_by_endpoint(self, endpoint: str) -> Manifest | None:
        return self._by_blueprint.get(endpoint.partition(".")[0])

    def owner_of_job(self, name: str) -> Manifest | None:
        return next((m for m in self.manifests if any(job.name == name for job in m.jobs)), None)

    def enabled(self, switched_off: Iterable[str]) -> tuple[Manifest, ...]:
        """The features that are on, given those a municipality has switched off (and what requires them)."""
        off = set(switched_off)
        on: list[Manifest] = []
        for manifest in self.manifests:
            if manifest.switchable and (manifest.name in off or off.intersection(manifest.requires)):
                off.add(manifest.name)
            else:
                on.append(manifest)
        return tuple(on)

    def is_on(self, name: str, switched_off: Iterable[str]) -> bool:
        return any(manifest.name == name for manifest in self.enabled(switched_off))


def _in_order(manifests: tuple[Manifest, ...]) -> tuple[Manifest, ...]:
    """Required features first, otherwise by name; raises ContractError on a missing or circular requirement."""
    by_name = {manifest.name: manifest for manifest in manifests}
    if len(by_name) != len(manifests):
        raise ContractError("two features have the same name")
    done: list[Manifest] = []

    def visit(manifest: Manifest, path: tuple[str, ...]) -> None:
        if manifest in done:
            return
        if manifest.name in path:
            raise ContractError(f"features require each other in a circle: {' → '.join((*path, manifest.name))}")
        for name in manifest.requires:
            if name not in by_name:
                raise ContractError(f"{manifest.name} requires {name}, which does not exist")
            visit(by_name[name], (*path, manifest.name))
        done.append(manifest)

    for manifest in sorted(manifests, key=lambda m: m.name):
        visit(manifest, ())
    return tuple(done)


def _refuse_twins(what: str, names: Sequence[str]) -> None:
    twins = {name for name in names if names.count(name) > 1}
    if twins:
        raise ContractError(f"declared twice: {what} {', '.join(sorted(twins))}")
