#include "tune/optimizer.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tune_script.hpp"

namespace onepass::tune {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Parameter& parameter) {
  if (parameter.kind == ParameterKind::choice) return {{"name", parameter.name}, {"choices", parameter.choices}};
  return {{"name", parameter.name},
          {"whole", parameter.kind == ParameterKind::whole},
          {"low", parameter.low},
          {"high", parameter.high},
          {"log", parameter.logarithmic}};
}

}  // namespace

Optimizer::Optimizer(std::span<const Parameter> parameters, const OptimizerOptions& options)
    : script_(tune_script, {}) {
  Json task{{"parameters", Json::array()},
            {"studies", options.studies},
            {"trials", options.trials},
            {"seed", options.seed},
            {"start", options.start}};
  for (const auto& parameter : parameters) task["parameters"].push_back(to_json(parameter));
  script_.say(task.dump());
  if (script_.hear() != "ready") throw std::runtime_error("the optimizer does not start");
}

std::vector<Proposal> Optimizer::ask() {
  script_.say(R"({"ask": true})");
  std::vector<Proposal> proposals;
  for (const auto& proposal : Json::parse(script_.hear()))
    proposals.push_back({proposal.at("study"), proposal.at("values")});
  return proposals;
}

void Optimizer::tell(std::span<const double> objectives) {
  script_.say(Json{{"tell", std::vector<double>(objectives.begin(), objectives.end())}}.dump());
}

std::map<std::string, double> Optimizer::importance() {
  script_.say(R"({"importance": true})");
  return Json::parse(script_.hear());
}

}  // namespace onepass::tune
