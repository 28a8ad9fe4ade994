"""Proposes values of parameters for onepass tune, with Optuna.

Reads one line of JSON from standard input: {"parameters": [{"name", "choices"} or {"name", "whole", "low", "high",
"log"}], "studies": number, "trials": number, "seed": number, "start": {name: value} or {}}. Prints "ready". Then
answers one line with one line: {"ask": true} with [{"study": index, "values": {name: text}}], which is empty when all
trials are done; {"importance": true} with {name: share}. {"tell": [objective]} has no answer.
"""
import json
import sys
import warnings

try:
    import optuna
except ImportError as error:
    sys.exit(f"Optuna is missing ({error}); install it with: python3 -m venv tune-python && "
             "tune-python/bin/pip install optuna, and set ONEPASS_PYTHON=tune-python/bin/python3")

BATCH = 4  # proposals of a study at a time; the same on every machine, because proposals depend on what is known

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.filterwarnings("ignore")


def suggested(trial, parameter):
    name = parameter["name"]
    if "choices" in parameter:
        return trial.suggest_categorical(name, parameter["choices"])
    if parameter["whole"]:
        return str(trial.suggest_int(name, int(parameter["low"]), int(parameter["high"]), log=parameter["log"]))
    low, high = parameter["low"], parameter["high"]
    value = trial.suggest_float(name, low, high, log=parameter["log"])
    return repr(min(max(float(f"{value:.4g}"), low), high))


def start_of(parameter, text):
    if "choices" in parameter:
        return text
    return int(text) if parameter["whole"] else float(text)


class Search:
    """The studies, and the trials whose objectives are not known yet."""

    def __init__(self, task):
        self.parameters, self.trials = task["parameters"], task["trials"]
        self.studies = [optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(
            seed=task["seed"], multivariate=True, constant_liar=True)) for _ in range(task["studies"])]
        if task["start"]:
            for study in self.studies:
                study.enqueue_trial({p["name"]: start_of(p, task["start"][p["name"]]) for p in self.parameters})
        self.pending = []

    def ask(self):
        proposals = []
        for index, study in enumerate(self.studies):
            for _ in range(min(BATCH, self.trials - len(study.trials))):
                trial = study.ask()
                self.pending.append((study, trial))
                values = {p["name"]: suggested(trial, p) for p in self.parameters}
                proposals.append({"study": index, "values": values})
        return proposals

    def tell(self, objectives):
        for (study, trial), objective in zip(self.pending, objectives):
            study.tell(trial, objective)
        self.pending = []

    def importance(self):
        try:
            return optuna.importance.get_param_importances(
                self.studies[0], evaluator=optuna.importance.PedAnovaImportanceEvaluator())
        except (ValueError, RuntimeError):
            return {}


def main():
    search = Search(json.loads(sys.stdin.readline()))
    print("ready", flush=True)
    for line in sys.stdin:
        message = json.loads(line)
        if "tell" in message:
            search.tell(message["tell"])
        else:
            print(json.dumps(search.ask() if "ask" in message else search.importance()), flush=True)


main()
