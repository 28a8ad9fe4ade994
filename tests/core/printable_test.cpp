#include "core/printable.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace onepass {
namespace {

TEST(Printable, LeavesOrdinaryTextAlone) {
  for (const auto* const text : {"", "person", "caf\u00e9 \U0001f6b2 \u4eba\u8eca", "\u0634\u062e\u0635 a\u200db"})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, ShowsWhatWouldControlTheTerminal) {
  EXPECT_EQ(printable("a\x1b[2Jb"), "a\\u001b[2Jb");
  EXPECT_EQ(printable("a\r\nb\tc\x7f"), "a\\u000d\\u000ab\\u0009c\\u007f");
  EXPECT_EQ(printable("\u009b31m"), "\\u009b31m");                       // CSI as one character
  EXPECT_EQ(printable("\u202egpj.exe\u2028"), "\\u202egpj.exe\\u2028");  // right-to-left override
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\u0000b");
}

TEST(Printable, MarksWhatIsNotUtf8) {
  for (const auto* const text : {"\x9b", "\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe4\xba"}) {
    const auto shown = printable(text);
    EXPECT_EQ(shown.substr(0, 3), "\ufffd");
    EXPECT_EQ(printable(shown), shown);
  }
  EXPECT_EQ(printable("caf\xe9!"), "caf\ufffd!");
}

TEST(Printable, KeepsJsonEquivalent) {
  const nlohmann::json value = {{"name", "a\x1b[0m\x7f\u009b\u202e\n"}};
  EXPECT_EQ(nlohmann::json::parse(printable(value.dump())), value);
}

TEST(AsFileName, StaysInItsFolder) {
  EXPECT_EQ(as_file_name("MOT17-02-FRCNN"), "MOT17-02-FRCNN");
  EXPECT_EQ(as_file_name("../outside"), "_._outside");
  EXPECT_EQ(as_file_name("/etc/passwd"), "_etc_passwd");
  EXPECT_EQ(as_file_name(".."), "_.");
  EXPECT_EQ(as_file_name(".hidden"), "_hidden");
  EXPECT_EQ(as_file_name(""), "_");
  EXPECT_EQ(as_file_name("a\nb\x1b[2J"), "a_b_[2J");
  EXPECT_EQ(as_file_name("\u4eba\u8eca"), "\u4eba\u8eca");
  EXPECT_EQ(as_file_name("caf\xe9"), "caf\xe9");
}

TEST(AsFileName, LeavesRoomForAnExtension) {
  std::string name;
  for (int i = 0; i < 100; ++i) name += "\u8eca";
  EXPECT_EQ(as_file_name(name), name.substr(0, 198));  // 66 whole characters of three bytes
}

}  // namespace
}  // namespace onepass
