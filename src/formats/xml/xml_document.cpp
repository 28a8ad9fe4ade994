#include "formats/xml/xml_document.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "formats/json/json_node.hpp"

namespace onepass::formats {

XmlDocument::XmlDocument(const std::filesystem::path& path) : file_(path.string()), text_(read_text(path)) {
  const auto parsed = tree_.load_buffer(text_.data(), text_.size());
  if (!parsed)
    throw std::runtime_error(
        fmt::format("{}:{}: is not valid XML: {}", file_, line_of(parsed.offset), parsed.description()));
}

void XmlDocument::fail(const pugi::xml_node& node, const std::string& what) const {
  throw std::runtime_error(
      fmt::format("{}:{}: <{}>: {}", file_, line_of(node.offset_debug()), printable(node.name()), printable(what)));
}

std::string_view XmlDocument::text(const pugi::xml_node& node, const char* attribute) const {
  const auto found = node.attribute(attribute);
  if (!found) fail(node, fmt::format("has no attribute '{}'", attribute));
  return found.value();
}

double XmlDocument::number(const pugi::xml_node& node, const char* attribute) const {
  const auto digits = text(node, attribute);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || !std::isfinite(value))
    fail(node, fmt::format("{}: '{}' is not a finite number", attribute, digits.substr(0, 40)));
  return value;
}

std::int64_t XmlDocument::whole(const pugi::xml_node& node, const char* attribute) const {
  const double value = number(node, attribute);
  if (value != std::floor(value) || std::abs(value) > std::ldexp(1.0, 53))
    fail(node, fmt::format("{}: is not a whole number", attribute));
  return static_cast<std::int64_t>(value);
}

std::int64_t XmlDocument::line_of(std::ptrdiff_t offset) const {
  const auto end = std::clamp<std::ptrdiff_t>(offset, 0, static_cast<std::ptrdiff_t>(text_.size()));
  return 1 + std::count(text_.begin(), text_.begin() + end, '\n');
}

}  // namespace onepass::formats
