#include "count/zone_succession.hpp"

#include <algorithm>

namespace onepass::count {

bool have_same_place(const Zone& a, const Zone& b) {
  return a.shape == b.shape && a.in_pixels == b.in_pixels && a.points == b.points;
}

std::optional<std::size_t> former_of(const Zone& zone, std::span<const Zone> former, std::span<const Zone> all) {
  const auto number = [&](auto found) { return static_cast<std::size_t>(found - former.begin()); };
  const auto same_name = std::ranges::find_if(
      former, [&](const Zone& other) { return other.name == zone.name && other.shape == zone.shape; });
  if (same_name != former.end()) return number(same_name);
  const auto renamed = std::ranges::find_if(former, [&](const Zone& other) {
    return have_same_place(other, zone) && std::ranges::find(all, other.name, &Zone::name) == all.end();
  });
  return renamed == former.end() ? std::nullopt : std::optional(number(renamed));
}

}  // namespace onepass::count
