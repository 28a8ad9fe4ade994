#include "eval/metrics/families.hpp"

#include "eval/metrics/clear.hpp"
#include "eval/metrics/counts.hpp"
#include "eval/metrics/hota.hpp"
#include "eval/metrics/identity.hpp"

namespace onepass::eval {

std::span<const Family> families() {
  static const Family all[]{hota_family(), clear_family(), identity_family(), count_family()};
  return all;
}

ScoreFields fields_of(Scores& scores) {
  ScoreFields all;
  for (const auto& family : families()) {
    for (auto& field : family.fields(scores)) all.push_back(std::move(field));
  }
  return all;
}

std::vector<std::string> family_names() {
  std::vector<std::string> names;
  for (const auto& family : families()) names.emplace_back(family.name);
  return names;
}

}  // namespace onepass::eval
