from st2client.client import Client
from st2client.models import KeyValuePair
from st2common.runners.base_action import Action


class Store(Action):
    def run(self, what, value=None):
        return getattr(self, what)(value)

    def service(self, value):
        service = self.action_service
        found = [service.get_value("k"), service.set_value("k", value)]
        found += [service.get_value("k"), service.get_value("k", local=False)]
        service.set_value("g", 7, local=False)
        service.set_value("s", "secret", encrypt=True)
        found += [service.get_value("g", local=False), service.get_value("s", decrypt=True)]
        found += [service.get_value("s") != "secret"]
        found += [[(pair.name, pair.secret) for pair in service.list_values()]]
        found += [[pair.name for pair in service.list_values(local=False, prefix="g")]]
        return [
            *found,
            service.delete_value("k"),
            service.delete_value("k"),
            service.get_value("k"),
        ]

    def client(self, value):
        keys = Client(base_url="http://localhost").keys
        keys.update(KeyValuePair(name="c", value=value))
        keys.update(KeyValuePair(name="u", value="mine", scope="user"))
        found = [keys.get_by_name("c").value, keys.get_by_id("none")]
        found += [[(pair.name, pair.value) for pair in keys.get_all(prefix="c")]]
        found += [keys.get_by_name("u", scope="user").value]
        return [*found, keys.delete(KeyValuePair(name="c")), keys.get_by_name("c")]

    def scope(self, value):
        return self.action_service.get_value("k", scope="user")

    def server(self, value):
        return Client().liveactions.create({})

    def user(self, value):
        return self.action_service.get_user_info()["username"]
