#include "io/python_script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"

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

}  // namespace
}  // namespace onepass::io
