from st2common.runners.base_action import Action


class AnalyzeAlert(Action):
    def run(self, alert_id):
        severity, _, component = alert_id.partition("-")
        return {"severity": severity, "components": [component]}
