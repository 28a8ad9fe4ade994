#include "formats/json/json_node.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "core/printable.hpp"

namespace onepass::formats {
namespace {

constexpr std::uintmax_t largest_file = std::uintmax_t{1} << 30;

}  // namespace

JsonNode JsonNode::at(const char* key) const {
  const auto found = find(key);
  if (!found) fail(fmt::format("has no '{}'", key));
  return *found;
}

std::optional<JsonNode> JsonNode::find(const char* key) const {
  if (!value_->is_object()) fail("is not an object {…}");
  const auto found = value_->find(key);
  if (found == value_->end() || found->is_null()) return std::nullopt;
  return JsonNode(*found, *file_, this, key, 0);
}

JsonNode JsonNode::element(std::size_t index) const { return JsonNode((*value_)[index], *file_, this, nullptr, index); }

std::size_t JsonNode::size() const {
  if (!value_->is_array()) fail("is not a list […]");
  return value_->size();
}

double JsonNode::number() const {
  if (!value_->is_number()) fail("is not a number");
  const auto result = value_->get<double>();
  if (!std::isfinite(result)) fail("is not a finite number");
  return result;
}

std::int64_t JsonNode::whole() const {
  const double result = number();
  if (result != std::floor(result) || std::abs(result) > std::ldexp(1.0, 53)) fail("is not a whole number");
  return static_cast<std::int64_t>(result);
}

int JsonNode::small() const {
  const auto result = whole();
  if (std::abs(result) > 1 << 30) fail("is too large");
  return static_cast<int>(result);
}

const std::string& JsonNode::text() const {
  if (!value_->is_string()) fail("is not a text");
  return value_->get_ref<const std::string&>();
}

bool JsonNode::flag() const {
  if (value_->is_number()) return number() != 0;
  if (!value_->is_boolean()) fail("is neither true nor false");
  return value_->get<bool>();
}

std::string JsonNode::place() const {
  const auto before = parent_ ? parent_->place() : "";
  if (!parent_) return before;
  return key_ ? before + (before.empty() ? "" : ".") + key_ : fmt::format("{}[{}]", before, index_);
}

void JsonNode::fail(const std::string& what) const {
  const auto where = place();
  throw std::runtime_error(fmt::format("{}: {}{}{}", *file_, where, where.empty() ? "" : ": ", printable(what)));
}

std::string read_text(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) throw std::runtime_error(path.string() + ": is a folder, expected a file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error(fmt::format("{}: cannot open: {}", path.string(), std::strerror(errno)));
  if (std::filesystem::file_size(path) > largest_file)
    throw std::runtime_error(path.string() + ": is larger than 1 GiB; split it");
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream.bad()) throw std::runtime_error(path.string() + ": cannot be read");
  return text;
}

nlohmann::json parse_json(std::string_view text, const std::string& file, std::int64_t line) {
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    const auto* syntax = dynamic_cast<const nlohmann::json::parse_error*>(&error);
    const auto read = text.substr(0, syntax ? syntax->byte : 0);
    const std::string what = error.what();  // "[json.exception.parse_error.101] parse error at line 1, column 2: …"
    const auto reason = what.find(": ");
    throw std::runtime_error(fmt::format("{}:{}: is not valid JSON: {}", file, line + std::ranges::count(read, '\n'),
                                         printable(reason == std::string::npos ? what : what.substr(reason + 2))));
  }
}

nlohmann::json read_json(const std::filesystem::path& path) { return parse_json(read_text(path), path.string(), 1); }

}  // namespace onepass::formats
