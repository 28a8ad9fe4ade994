// Reads JSON documents with errors that name the place: "tracks.json: annotations[12].bbox: …".
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace onepass::formats {

/// A value in a document, with the way to it. A node refers to its parent, which must
/// outlive it.
class JsonNode {
 public:
  using Json = nlohmann::json;

  /// The root of a document.
  JsonNode(const Json& value, const std::string& file) : value_(&value), file_(&file) {}

  const Json& value() const { return *value_; }
  bool is_array() const { return value_->is_array(); }
  bool is_object() const { return value_->is_object(); }

  /// The member of this name.
  /// @throws std::runtime_error if this is no object or has no such member.
  JsonNode at(const char* key) const;

  /// The same; nullopt if there is no such member, or if it is null.
  std::optional<JsonNode> find(const char* key) const;

  /// The element of this index, which must exist.
  JsonNode element(std::size_t index) const;

  /// Number of elements.
  /// @throws std::runtime_error if this is no array.
  std::size_t size() const;

  /// @throws std::runtime_error if this is not such a value.
  double number() const;
  std::int64_t whole() const;
  int small() const;
  const std::string& text() const;
  bool flag() const;

  /// @throws std::runtime_error "<file>: <place>: <what>".
  [[noreturn]] void fail(const std::string& what) const;

 private:
  JsonNode(const Json& value, const std::string& file, const JsonNode* parent, const char* key, std::size_t index)
      : value_(&value), file_(&file), parent_(parent), key_(key), index_(index) {}
  std::string place() const;

  const Json* value_;
  const std::string* file_;
  const JsonNode* parent_ = nullptr;
  const char* key_ = nullptr;  ///< null for an element of an array
  std::size_t index_ = 0;
};

/// Reads a document of at most 1 GiB.
/// @throws std::runtime_error naming the file, and the line of a syntax error.
nlohmann::json read_json(const std::filesystem::path& path);

/// Parses a text.
/// @param line number of the text's first line in the file
/// @throws std::runtime_error "<file>:<line>: …".
nlohmann::json parse_json(std::string_view text, const std::string& file, std::int64_t line);

/// Reads a whole file of at most 1 GiB.
/// @throws std::runtime_error naming the file.
std::string read_text(const std::filesystem::path& path);

}  // namespace onepass::formats
