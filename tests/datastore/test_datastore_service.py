"""The datastore of a Python action: names of its own, and StackStorm's ways with what goes wrong."""

from __future__ import annotations

import logging

import pytest
from st2runtime.datastore import Datastore, DatastoreError, DatastoreService

from .conftest import Clock


@pytest.fixture
def service(store: Datastore) -> DatastoreService:
    return DatastoreService(store, "aws", "CreateVM")


def test_names_are_local_to_the_class(service: DatastoreService, store: Datastore) -> None:
    assert service.set_value("last", "5") is True
    assert store.lookup("system.aws.CreateVM:last") == "5"
    assert service.get_value("last") == "5"
    assert service.get_value("last", local=False) is None
    assert DatastoreService(store, "aws", "DeleteVM").get_value("last") is None
    assert service.get_value("aws.CreateVM:last", local=False) == "5"
    assert service.delete_value("last") is True
    assert service.delete_value("last") is False


def test_global_names(service: DatastoreService, store: Datastore) -> None:
    service.set_value("region", "eu", local=False)
    assert store.lookup("system.region") == "eu"
    assert service.get_value("region", local=False) == "eu"
    assert service.delete_value("region", local=False)
    assert store.list() == ()


def test_values_are_listed_by_prefix(service: DatastoreService) -> None:
    for name in ("vm1", "vm2", "disk"):
        service.set_value(name, name)
    service.set_value("vm3", "other", local=False)
    assert [item.value for item in service.list_values()] == ["disk", "vm1", "vm2"]
    assert [item.name for item in service.list_values(prefix="vm")] == [
        "aws.CreateVM:vm1",
        "aws.CreateVM:vm2",
    ]
    assert [item.name for item in service.list_values(local=False, prefix="vm")] == ["vm3"]
    assert len(service.list_values(local=False)) == 4
    assert [item.value for item in service.list_values(limit=1, offset=1)] == ["vm1"]


def test_values_become_text(service: DatastoreService) -> None:
    service.set_value("n", 5)
    service.set_value("d", {"a": 1})
    assert (service.get_value("n"), service.get_value("d")) == ("5", "{'a': 1}")


def test_time_to_live(service: DatastoreService, clock: Clock) -> None:
    service.set_value("short", "v", ttl=5)
    service.set_value("long", "v", ttl=0)
    clock.time += 5
    assert service.get_value("short") is None
    assert service.get_value("long") == "v"


def test_secrets(service: DatastoreService) -> None:
    service.set_value("token", "hunter2", encrypt=True)
    service.set_value("plain", "v")
    sealed = service.get_value("token")
    assert sealed is not None
    assert "hunter2" not in sealed
    assert service.get_value("token", decrypt=True) == "hunter2"
    assert service.get_value("plain", decrypt=True) == "v"
    (_, token) = service.list_values()
    assert (token.secret, token.encrypted, token.value) == (True, True, sealed)


def test_the_scope_of_a_user_is_not_to_be_had(service: DatastoreService) -> None:
    for use in (
        lambda: service.get_value("a", scope="user"),
        lambda: service.set_value("a", "v", scope="user"),
        lambda: service.delete_value("a", scope="user"),
    ):
        with pytest.raises(ValueError, match="Scope user is unsupported"):
            use()


def test_what_cannot_be_read_is_none_and_logged(
    service: DatastoreService, store: Datastore, caplog: pytest.LogCaptureFixture
) -> None:
    store.path.parent.mkdir()
    store.path.write_text("hello")
    with caplog.at_level(logging.ERROR):
        assert service.get_value("a") is None
        assert service.delete_value("a") is False
    assert [record.getMessage()[:16] for record in caplog.records] == [
        "cannot read `a` ",
        "cannot delete `a",
    ]
    with pytest.raises(DatastoreError, match="is not a datastore"):
        service.set_value("a", "v")
    with pytest.raises(DatastoreError, match="is not a datastore"):
        service.list_values()
