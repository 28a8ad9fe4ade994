#include "tune/trial_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/setting_error.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::tune {
namespace {

using test::message_of;
using testing::ElementsAre;
using testing::HasSubstr;

const Values some{{"a", "1"}, {"b", "x"}};

class Log : public testing::Test {
 protected:
  TrialLog open(const std::string& fingerprint = "f", Overwrite overwrite = Overwrite::refuse) const {
    return {path(), fingerprint, overwrite};
  }
  std::filesystem::path path() const { return folder_ / "trials.jsonl"; }

  test::TemporaryFolder folder_;
};

TEST_F(Log, RemembersTrialsExactly) {
  open().add(2, {some, 61.123456789012345, {0.1, 99.9}});
  const auto again = open();
  EXPECT_EQ(again.size(), 1U);
  ASSERT_NE(again.find(2, some), nullptr);
  EXPECT_EQ(again.find(2, some)->objective, 61.123456789012345);
  EXPECT_THAT(again.find(2, some)->sequences, ElementsAre(0.1, 99.9));
  EXPECT_EQ(again.find(0, some), nullptr);
  EXPECT_EQ(again.find(2, {{"a", "1"}}), nullptr);
}

TEST_F(Log, DropsAnIncompleteLastLine) {
  open().add(0, {some, 1, {1}});
  const auto whole = test::read_file(path());
  folder_.write("trials.jsonl", whole + R"({"study":1,"values":{"a")");
  EXPECT_EQ(open().size(), 1U);
  EXPECT_EQ(test::read_file(path()), whole);
}

TEST_F(Log, RefusesTrialsOnOtherData) {
  open().add(0, {some, 1, {1}});
  EXPECT_THROW(open("g"), SettingError);
  EXPECT_EQ(open().size(), 1U);
  EXPECT_EQ(open("g", Overwrite::replace).size(), 0U);
  EXPECT_EQ(open("g").size(), 0U);
}

TEST_F(Log, NamesADamagedLine) {
  open().add(0, {some, 1, {1}});
  folder_.write("trials.jsonl", test::read_file(path()) + "{\"study\": \"x\"}\n");
  EXPECT_THAT(message_of([&] { open(); }), HasSubstr("trials.jsonl:3: is not a trial"));
}

}  // namespace
}  // namespace onepass::tune
