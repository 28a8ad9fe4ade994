#include "io/python/script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::io {
namespace {

using test::message_of;
using testing::HasSubstr;

TEST(PythonScript, GetsArgumentsAndInputAndGivesItsOutput) {
  EXPECT_EQ(run_python("import sys; print(sys.argv[1:], sys.stdin.read())", {"a b", "$HOME; 'x'"}, "in"),
            "['a b', \"$HOME; 'x'\"] in\n");
}

TEST(PythonScript, LongStreamsDoNotBlock) {
  const std::string input(3'000'000, 'x');
  EXPECT_EQ(run_python("import sys; sys.stdout.write(sys.stdin.read())", {}, input), input);
  EXPECT_EQ(run_python("import sys; sys.stderr.write('x' * 1000000)", {}, input), "");
}

TEST(PythonScript, FailuresGiveTheLastLineOfStandardError) {
  EXPECT_EQ(message_of([] { run_python("import sys; print('lost'); sys.exit('too bad')", {}, ""); }), "too bad");
  EXPECT_THAT(message_of([] { run_python("import none_such", {}, ""); }), HasSubstr("No module named 'none_such'"));
  EXPECT_THAT(message_of([] { run_python("exit(3)", {}, ""); }), HasSubstr("exit status 3"));
  EXPECT_THAT(message_of([] { run_python("import os; os.kill(os.getpid(), 9)", {}, ""); }), HasSubstr("signal 9"));
}

TEST(PythonScript, ImportsNothingFromTheWorkingDirectory) {
  const test::TemporaryFolder folder;
  folder.write("json.py", "raise SystemExit('the wrong json')");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  const auto message =
      message_of([] { EXPECT_EQ(run_python("import json; print(json.dumps([1]))", {}, ""), "[1]\n"); });
  std::filesystem::current_path(before);
  EXPECT_EQ(message, "");
}

TEST(PythonScript, TheScriptGetsNoFilesBesidesItsStreams) {
  constexpr const char* count_unnamed = R"(
import os, stat
unnamed = 0
for file in range(3, 1000):
    try:
        status = os.fstat(file)
    except OSError:
        continue
    unnamed += stat.S_ISREG(status.st_mode) and status.st_nlink == 0
print(unnamed))";
  EXPECT_EQ(run_python(count_unnamed, {}, ""), "0\n");
}

TEST(PythonScript, IsKilledWhenItExceedsALimit) {
  using std::chrono::milliseconds;
  EXPECT_THAT(message_of([] { run_python("while True: pass", {}, "", {.time = milliseconds(1)}); }),
              HasSubstr("did not end within 1 ms"));
  for (const std::string stream : {"stdout", "stderr"}) {
    const auto endless = "import sys\nwhile True: sys." + stream + ".write('x' * 1000)";
    EXPECT_THAT(message_of([&] { run_python(endless, {}, "", {.output = 1000}); }),
                HasSubstr("wrote more than 1000 bytes"));
  }
}

TEST(PythonScript, MessagesOfErrorsAreShort) {
  EXPECT_EQ(message_of([] { run_python("import sys; sys.exit('x' * 100000)", {}, ""); }), std::string(1000, 'x'));
}

}  // namespace
}  // namespace onepass::io
