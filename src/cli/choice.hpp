// Options that take one of a few words.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "core/nearest_name.hpp"

namespace onepass::cli {

/// Accepts one of these words, and lists them otherwise.
inline CLI::Validator one_of(const std::vector<std::string>& words) {
  const auto check = [words](const std::string& given) {
    if (std::ranges::find(words, given) != words.end()) return std::string();
    return fmt::format("'{}' is not one of {}{}", given, fmt::join(words, ", "), did_you_mean(given, words));
  };
  return {check, fmt::format("{}", fmt::join(words, "|"))};
}

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
