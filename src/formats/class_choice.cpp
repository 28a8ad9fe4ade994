#include "formats/class_choice.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/nearest_name.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::formats {
namespace {

std::optional<int> as_number(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// The number of the class with this name, otherwise the class of this number if it occurs.
std::optional<int> find_class(const Annotations& annotations, const std::string& name, const std::set<int>& occurring) {
  for (const auto& [number, known] : annotations.class_names) {
    if (same_name(known, name)) return number;
  }
  const auto number = as_number(name);
  return number && (occurring.contains(*number) || annotations.class_names.contains(*number)) ? number : std::nullopt;
}

[[noreturn]] void refuse(const Annotations& annotations, const std::string& name, const std::set<int>& occurring) {
  std::vector<std::string> known;
  for (const int number : occurring) known.push_back(class_name(annotations.class_names, number));
  const auto commas = separation_advice(name, known);
  throw SettingError("classes",
                     fmt::format("{}: has no class '{}'{}; it has {}{}", annotations.name, name,
                                 commas.empty() ? did_you_mean(name, known) : "", fmt::join(known, ", "), commas));
}

}  // namespace

bool same_name(const std::string& a, const std::string& b) {
  const auto lower = [](unsigned char letter) { return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::vector<ChosenClass> parse_classes(const std::string& text) {
  std::vector<ChosenClass> chosen;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto entry = text.substr(begin, end - begin);
    const auto sign = entry.find('=');
    const auto from = entry.substr(0, sign);
    const auto to = sign == std::string::npos ? from : entry.substr(sign + 1);
    if (from.empty() || to.empty())
      throw std::invalid_argument(fmt::format("'{}' is not a list of classes such as person=pedestrian,car", text));
    chosen.push_back({from, to});
    begin = end + 1;
  }
  return chosen;
}

void choose_classes(Annotations& annotations, const std::vector<ChosenClass>& chosen, OtherClasses others) {
  if (chosen.empty()) return;
  std::set<int> occurring;
  for (const auto& object : annotations.objects) occurring.insert(object.class_id);
  auto names = annotations.class_names;
  std::map<int, int> renumbered;
  for (const auto& [from, to] : chosen) {
    const auto number = find_class(annotations, from, occurring);
    if (!number && others == OtherClasses::keep) continue;  // not every file of a benchmark has every class
    if (!number) refuse(annotations, from, occurring);
    if (const auto new_number = as_number(to); new_number && from != to) {
      renumbered[*number] = *new_number;
      const auto name = annotations.class_names.find(*number);
      if (name != annotations.class_names.end()) names[*new_number] = name->second;
      continue;
    }
    // Clang 14 captures no structured bindings.
    const auto target =
        std::ranges::find_if(names, [&name = to](const auto& known) { return same_name(known.second, name); });
    renumbered[*number] = target == names.end() ? *number : target->first;
    if (target == names.end() && from != to) names[*number] = to;
  }
  if (others == OtherClasses::drop) {
    std::erase_if(annotations.objects, [&](const auto& object) { return !renumbered.contains(object.class_id); });
    std::set<int> kept;
    for (const auto& [_, number] : renumbered) kept.insert(number);
    std::erase_if(names, [&](const auto& name) { return !kept.contains(name.first); });
  }
  for (auto& object : annotations.objects) {
    const auto found = renumbered.find(object.class_id);
    if (found != renumbered.end()) object.class_id = found->second;
  }
  annotations.class_names = std::move(names);
}

}  // namespace onepass::formats
