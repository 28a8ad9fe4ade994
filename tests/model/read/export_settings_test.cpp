// Tests the settings that exporters write beside a network, and impossible numbers in them.
#include "model/read/export_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"

namespace onepass::model {
namespace {

using test::message_of;
using testing::HasSubstr;

TEST(ExportSettings, ReadsStrideAndSize) {
  const auto settings = parse_export_settings(R"({"stride": 32, "imgsz": [480, 640], "names": {"0": "a", "1": "b"}})");
  EXPECT_EQ(settings.stride, 32);
  EXPECT_EQ(settings.height, 480);
  EXPECT_EQ(settings.width, 640);
  EXPECT_THAT(settings.names, testing::ElementsAre("a", "b"));
}

TEST(ExportSettings, RefusesNamesThatAreNotOnePerClass) {
  const auto names = [](const std::string& text) {
    return message_of([&] { parse_export_settings(R"({"names": )" + text + "}"); });
  };
  EXPECT_EQ(names(R"(["a", "b"])"), "");
  for (const auto* key : {"2x", "", " 1", "-1", "+1", "1.5", "99999999999999999999"})
    EXPECT_THAT(names("{\"" + std::string(key) + "\": \"a\"}"), HasSubstr("is not a class number")) << key;
  EXPECT_THAT(names(R"({"100000": "a"})"), HasSubstr("class number 100000 is out of range"));
  std::string list = "[\"\"";
  for (int i = 0; i < 100'000; ++i) list += ",\"\"";
  EXPECT_THAT(names(list + "]"), HasSubstr("100001 class names, more than 100000"));
}

TEST(ExportSettings, RefusesLengthsOutOfRangeWhateverTheirSize) {
  // 2^32 + 32 would be 32 in an int; the last one fits no integer.
  for (const auto* number : {"0", "-32", "513", "4294967328", "3777777777777777777777777777772"})
    EXPECT_THAT(message_of([&] { parse_export_settings(std::string(R"({"stride": )") + number + "}"); }),
                HasSubstr("stride"))
        << number;
  for (const auto* number : {"0", "8193", "4294967936", "1e300"})
    EXPECT_THAT(message_of([&] { parse_export_settings(std::string(R"({"imgsz": )") + number + "}"); }),
                HasSubstr("image side"))
        << number;
}

}  // namespace
}  // namespace onepass::model
