#include "support/trackeval.hpp"

#include <cmath>
#include <cstdlib>

#include "support/temporary_folder.hpp"

namespace onepass::test {

std::optional<std::string> trackeval_python() {
  const char* given = std::getenv("ONEPASS_TRACKEVAL_PYTHON");
  std::string python = given ? given : ONEPASS_SOURCE_DIR "/build/oracles/bin/python3";
  if (!std::filesystem::exists(python)) python = "python3";
  const auto command = "'" + python + "' -c 'import trackeval' >/dev/null 2>&1";
  return std::system(command.c_str()) == 0 ? std::optional(python) : std::nullopt;
}

nlohmann::json run_trackeval(const std::string& python, const std::filesystem::path& truth,
                             const std::filesystem::path& results, const std::string& benchmark,
                             Preprocessing preprocessing) {
  const TemporaryFolder folder;
  const auto answer = folder / "answer.json";
  const std::string command = "'" + python + "' '" ONEPASS_SOURCE_DIR "/tools/bench/trackeval_scores.py' '" +
                              truth.string() + "' '" + results.string() + "' --benchmark " + benchmark +
                              (preprocessing == Preprocessing::none ? " --no-preprocessing" : "") + " >'" +
                              answer.string() + "' 2>/dev/null";
  if (std::system(command.c_str()) != 0) return {{"error", "trackeval_scores.py failed"}};
  return nlohmann::json::parse(read_file(answer));
}

std::string differences(const nlohmann::json& expected, const nlohmann::json& actual, const std::string& where) {
  std::string found;
  if (expected.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      const auto place = where + "/" + key;
      found += actual.is_object() && actual.contains(key) ? differences(value, actual.at(key), place)
                                                          : place + " is missing\n";
    }
  } else if (expected.is_array()) {
    if (!actual.is_array() || actual.size() != expected.size()) return where + " has another length\n";
    for (std::size_t i = 0; i < expected.size(); ++i)
      found += differences(expected[i], actual[i], where + "[" + std::to_string(i) + "]");
  } else if (!actual.is_number()) {
    return where + " is no number\n";
  } else {
    const auto wanted = expected.get<double>();
    const auto given = actual.get<double>();
    if (!(std::abs(wanted - given) <= 1e-9 * std::abs(wanted)))
      found = where + ": " + expected.dump() + " expected, " + actual.dump() + " given\n";
  }
  return found;
}

}  // namespace onepass::test
