#include "model/read/pickle.hpp"

namespace onepass::model::pickle {

const Items& items_of(const Value& value) {
  static const Items none;
  if (const auto* sequence = get_if<Sequence>(&value)) return sequence->items;
  if (const auto* object = get_if<Object>(&value)) return object->items;
  return none;
}

const Entries& entries_of(const Value& value) {
  static const Entries none;
  if (const auto* dictionary = get_if<Dictionary>(&value)) return dictionary->entries;
  if (const auto* object = get_if<Object>(&value)) return object->entries;
  return none;
}

const Value* find(const Value& value, std::string_view key) {
  const auto& entries = entries_of(value);
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    const auto* text = get_if<std::string>(entry->first);
    if (text && *text == key) return entry->second;
  }
  return nullptr;
}

const Value* attribute(const Value& object, std::string_view name) {
  const auto* record = get_if<Object>(&object);
  if (!record || !record->state) return nullptr;
  // The state of objects with __slots__ is a pair (dictionary, slots).
  if (const auto* pair = get_if<Sequence>(record->state); pair && !pair->items.empty())
    return find(*pair->items.front(), name);
  return find(*record->state, name);
}

std::string qualified_type(const Value& value) {
  const auto* object = get_if<Object>(&value);
  const auto* type = object ? object->type : &value;
  if (const auto* persistent = get_if<PersistentId>(type))
    if (const auto& fields = items_of(*persistent->id); fields.size() >= 2) type = fields[1];
  const auto* global = get_if<Global>(type);
  return global ? global->module + "." + global->name : "";
}

}  // namespace onepass::model::pickle
