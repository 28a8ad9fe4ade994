// The values of a Python pickle as plain records, and access to them.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace onepass::model::pickle {

struct Value;
using Items = std::vector<const Value*>;
using Entries = std::vector<std::pair<const Value*, const Value*>>;

struct None {};
struct Sequence {  ///< list, tuple or set
  Items items;
};
struct Dictionary {
  Entries entries;
};
struct Global {  ///< the name of a class or function
  std::string module;
  std::string name;
};
struct PersistentId {  ///< refers to data outside the pickle, such as a tensor's storage
  const Value* id = nullptr;
};
struct Object {  ///< a class or function, the arguments of the call that Python would make, and the object's state
  const Value* type = nullptr;
  const Value* arguments = nullptr;
  const Value* state = nullptr;
  Items items;      ///< appended after construction
  Entries entries;  ///< set by key after construction
};

struct Value {
  std::variant<None, bool, std::int64_t, double, std::string, Sequence, Dictionary, Global, PersistentId, Object>
      content;
};

/// Owns all values of one pickle. Values may refer to each other in any way, including cycles.
class Document {
 public:
  Document() = default;
  Document(Document&&) = default;
  Document& operator=(Document&&) = default;

  const Value& root() const { return *root_; }
  const std::deque<Value>& values() const { return values_; }

 private:
  friend class Machine;
  std::deque<Value> values_;
  const Value* root_ = nullptr;
};

/// The content of `value` if it has this type, otherwise nullptr.
template <typename Type>
const Type* get_if(const Value* value) {
  return value ? std::get_if<Type>(&value->content) : nullptr;
}

/// A list's, tuple's or set's items; an object's appended items; otherwise none.
const Items& items_of(const Value& value);

/// A dictionary's entries, or those of an object such as OrderedDict; otherwise none.
const Entries& entries_of(const Value& value);

/// The value of a text key; of repeated keys the last one applies, as in Python. nullptr if there is none.
const Value* find(const Value& value, std::string_view key);

/// The attribute of an object; nullptr if `object` is not an object or has no such attribute.
const Value* attribute(const Value& object, std::string_view name);

/// "module.name" of a global or of an object's class; empty for other values. Files written by torch before 1.6 name
/// classes by a persistent id ("module", class, source file, source).
std::string qualified_type(const Value& value);

}  // namespace onepass::model::pickle
