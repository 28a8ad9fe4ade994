// Names the attributes of a JSON document that are not read.
#pragma once

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>

#include "formats/json/json_node.hpp"

namespace onepass::formats {

/// Adds "the attribute color" to `unread` for every member of the object's "attributes" that is neither null nor one of
/// `read`, and "attributes" if they are no object, but a list that has elements.
void note_attributes(const JsonNode& object, std::initializer_list<std::string_view> read,
                     std::set<std::string>& unread);

}  // namespace onepass::formats
