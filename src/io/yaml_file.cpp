#include "io/yaml_file.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

namespace onepass::io {
namespace {

/// Checks the keys of every map in a document.
class KeyCheck {
 public:
  explicit KeyCheck(std::string file) : file_(std::move(file)) {}

  void visit(const YAML::Node& node) {
    if (!node.IsMap() && !node.IsSequence()) return;
    // Aliases can repeat a node, even inside itself.
    if (std::ranges::any_of(visited_, [&](const YAML::Node& other) { return other.is(node); })) return;
    visited_.push_back(node);
    if (node.IsMap()) check_keys(node);
    for (const auto& entry : node) {
      if (node.IsMap()) {
        visit(entry.second);
      } else {
        visit(entry);
      }
    }
  }

 private:
  void check_keys(const YAML::Node& map) const {
    std::set<std::string> keys;
    for (const auto& entry : map) {
      const auto& key = entry.first;
      if (!key.IsScalar()) fail(key, "a key must be a name, not a list, a map or nothing");
      if (!keys.insert(key.Scalar()).second) fail(key, fmt::format("the key '{}' is given twice", key.Scalar()));
    }
  }

  [[noreturn]] void fail(const YAML::Node& key, const std::string& what) const {
    throw std::runtime_error(fmt::format("{}:{}: {}", file_, key.Mark().line + 1, what));
  }

  std::string file_;
  std::vector<YAML::Node> visited_;
};

std::vector<YAML::Node> documents_in(std::istream& file, const std::string& name) {
  try {
    return YAML::LoadAll(file);
  } catch (const YAML::Exception& error) {
    throw std::runtime_error(fmt::format("{}:{}: not YAML: {}", name, error.mark.line + 1, error.msg));
  }
}

YAML::Node only_document(std::istream& file, const std::string& name) {
  const auto documents = documents_in(file, name);
  if (documents.size() > 1)
    throw std::runtime_error(fmt::format("{}: contains {} YAML documents, expected one (they are separated by '---')",
                                         name, documents.size()));
  if (documents.empty()) return YAML::Node();
  KeyCheck(name).visit(documents.front());
  return documents.front();
}

}  // namespace

YAML::Node read_yaml(const std::filesystem::path& path, const std::string& kind) {
  if (std::filesystem::is_directory(path))
    throw std::runtime_error(fmt::format("{}: is a folder, expected a {}", path.string(), kind));
  std::ifstream file(path);
  if (!file) throw std::runtime_error(fmt::format("{}: cannot open this {}", path.string(), kind));
  return only_document(file, path.string());
}

YAML::Node parse_yaml(const std::string& text, const std::string& name) {
  std::istringstream stream(text);
  return only_document(stream, name);
}

}  // namespace onepass::io
