// Tells which zone of a changed list goes on counting for which former one.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "onepass/zones.hpp"

namespace onepass::count {

bool have_same_place(const Zone& a, const Zone& b);

/// The number of the former zone that a new one continues: the one of the same name and shape or, if that was renamed,
/// the one at the same place; nullopt if the zone is new.
/// @param all the new zones
std::optional<std::size_t> former_of(const Zone& zone, std::span<const Zone> former, std::span<const Zone> all);

}  // namespace onepass::count
