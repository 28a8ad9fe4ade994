#include "formats/json/attributes.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace onepass::formats {

void note_attributes(const JsonNode& object, std::initializer_list<std::string_view> read,
                     std::set<std::string>& unread) {
  const auto attributes = object.find("attributes");
  if (!attributes) return;
  if (!attributes->is_object() && !attributes->value().empty()) unread.insert("attributes");
  if (!attributes->is_object()) return;
  for (const auto& [name, value] : attributes->value().items()) {
    if (!value.is_null() && std::ranges::find(read, name) == read.end())
      unread.insert(fmt::format("the attribute {}", name));
  }
}

}  // namespace onepass::formats
