// Every member of the config structs is in the listing, once.
#include <set>
#include <type_traits>

#include <gtest/gtest.h>

#include "config/fields.hpp"

namespace onepass::config {
namespace {

/// Converts to any type, so that it can initialize any member of an aggregate.
struct Anything {
  template <typename Type>
  operator Type() const;  // NOLINT(google-explicit-constructor)
};

/// Number of members of an aggregate: the most values that can initialize it.
template <typename Struct, typename... Values>
constexpr std::size_t member_count() {
  if constexpr (requires { Struct{Values{}..., Anything{}}; }) {
    return member_count<Struct, Values..., Anything>();
  } else {
    return sizeof...(Values);
  }
}

/// A text that the field accepts and that changes its value; "" if there is none.
std::string other_value(const Field& field) {
  if (field.elements) return "[{name: other}]";
  const auto before = YAML::Dump(field.write());
  for (const std::string candidate : {"true", "false", "0", "1", "0.5", "33", "none", "other"}) {
    try {
      field.read(YAML::Node(candidate));
    } catch (const std::exception&) {
      continue;
    }
    if (YAML::Dump(field.write()) != before) return candidate;
  }
  for (const auto& [name, _] : field.choices) {
    field.read(YAML::Node(name));
    if (YAML::Dump(field.write()) != before) return name;
  }
  return "";
}

/// Changes one field after the other and checks that this changes no other field.
template <typename Struct>
void expect_one_field_per_member() {
  Struct original;
  const auto originals = fields_of(original);
  std::set<std::string> names;
  for (std::size_t changed = 0; changed < originals.size(); ++changed) {
    EXPECT_TRUE(names.insert(originals[changed].name).second) << originals[changed].name;
    Struct copy;
    const auto fields = fields_of(copy);
    const auto value = other_value(fields[changed]);
    ASSERT_NE(value, "") << fields[changed].name;
    fields[changed].read(value.starts_with('[') ? YAML::Load(value) : YAML::Node(value));
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const bool same = YAML::Dump(fields[i].write()) == YAML::Dump(originals[i].write());
      EXPECT_EQ(same, i != changed) << fields[changed].name << " and " << fields[i].name;
    }
  }
}

TEST(Listing, HasEveryMember) {
  Config config;
  StageConfig stage;
  EXPECT_EQ(fields_of(config.detector).size(), member_count<DetectorConfig>());
  EXPECT_EQ(fields_of(config.embed).size(), member_count<EmbedConfig>());
  EXPECT_EQ(fields_of(stage).size(), member_count<StageConfig>());
  EXPECT_EQ(fields_of(config.tracker).size() + 1, member_count<TrackerConfig>()) << "memory is a section of its own";
  EXPECT_EQ(fields_of(config.tracker.memory).size(), member_count<MemoryConfig>());
}

TEST(Listing, HasEveryMemberOnce) {
  expect_one_field_per_member<DetectorConfig>();
  expect_one_field_per_member<EmbedConfig>();
  expect_one_field_per_member<StageConfig>();
  expect_one_field_per_member<TrackerConfig>();
  expect_one_field_per_member<MemoryConfig>();
}

TEST(Listing, DescribesEveryFieldInSentences) {
  Config config;
  StageConfig stage;
  auto groups = groups_of(config);
  groups.push_back({"stage", "One stage.", fields_of(stage)});
  for (const auto& group : groups) {
    for (const auto& field : group.fields) {
      EXPECT_TRUE(field.comment.ends_with('.')) << group.name << "." << field.name;
      EXPECT_EQ(description(field).find(field.comment), 0U) << group.name << "." << field.name;
    }
  }
}

}  // namespace
}  // namespace onepass::config
