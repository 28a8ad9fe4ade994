#include "core/nearest_name.hpp"

#include <algorithm>
#include <numeric>
#include <sstream>
#include <utility>
#include <vector>

namespace onepass {

std::string nearest_name(const std::string& unknown, std::span<const std::string> known) {
  const auto edit_distance = [](const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
      auto diagonal = std::exchange(row[0], i + 1);
      for (std::size_t j = 0; j < b.size(); ++j) {
        const auto substituted = diagonal + (a[i] == b[j] ? 0 : 1);
        diagonal = std::exchange(row[j + 1], std::min({row[j] + 1, row[j + 1] + 1, substituted}));
      }
    }
    return row.back();
  };
  std::string nearest;
  auto nearest_distance = std::max<std::size_t>(2, unknown.size() / 3) + 1;
  for (const auto& name : known) {
    const auto distance = edit_distance(unknown, name);
    if (distance < nearest_distance) {
      nearest_distance = distance;
      nearest = name;
    }
  }
  return nearest;
}

std::string did_you_mean(const std::string& unknown, std::span<const std::string> known) {
  if (unknown.find_first_not_of("0123456789+-.") == std::string::npos) return "";
  const auto nearest = nearest_name(unknown, known);
  return nearest.empty() ? "" : " (did you mean '" + nearest + "'?)";
}

std::string separation_advice(const std::string& unknown, std::span<const std::string> known) {
  std::istringstream words(unknown);
  std::string separated;
  int count = 0;
  for (std::string word; words >> word; ++count) {
    if (std::ranges::find(known, word) == known.end()) return "";
    separated += (separated.empty() ? "" : ",") + word;
  }
  return count < 2 ? "" : "; separate names by commas: " + separated;
}

}  // namespace onepass
