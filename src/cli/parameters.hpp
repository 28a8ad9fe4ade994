// Adds the configuration to the command line: --config files, and one flag per parameter of the parameter listing. Also
// options that take one of a few words.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "onepass/config.hpp"

namespace onepass::cli {

/// The settings given by the user; they are applied after the command line has been parsed.
struct Parameters {
  Config defaults;
  std::vector<std::string> config_files;
  std::map<std::string, std::string> settings;  ///< full name (such as "tracker.birth_score") to value

  /// Applies the files, in order, to the defaults, then the flags.
  /// @throws UsageError for an invalid flag, std::runtime_error for an invalid file.
  Config config() const;
};

/// The parameters that a command accepts.
struct ParameterScope {
  Config defaults{};  ///< defaults of this command
  std::vector<std::string> sections{"detector", "embed", "tracker",
                                    "memory"};  ///< sections with flags; files may set any section
  std::vector<std::string> short_names{};       ///< more parameters with a short flag: "embed.layers" is --layers
};

/// Adds --stream for SourceOptions::stream.
void add_stream_option(CLI::App& command, std::optional<int>& stream);

/// Adds --config and a --<section>.<name> flag for every parameter, and the short flags (--imgsz, --conf, …). The
/// result is filled in while the command line is parsed.
std::shared_ptr<Parameters> add_parameters(CLI::App& command, const ParameterScope& scope = {});

/// Accepts one of these words, and lists them otherwise.
CLI::Validator one_of(const std::vector<std::string>& words);

/// Lets an option take the words for the values of an enumeration, in the order in which help names them.
template <typename Value>
CLI::Option* take_choice(CLI::Option* option, const std::vector<std::pair<std::string, Value>>& choices) {
  std::vector<std::string> words;
  for (const auto& choice : choices) words.push_back(choice.first);
  const auto check = one_of(words);
  const auto to_number = [choices, check](std::string& given) {
    if (auto refusal = check(given); !refusal.empty()) return refusal;
    const auto found = std::ranges::find(choices, given, &std::pair<std::string, Value>::first);
    given = std::to_string(static_cast<int>(found->second));
    return std::string();
  };
  return option->option_text(check.get_description())->transform(CLI::Validator(to_number, ""));
}

}  // namespace onepass::cli
