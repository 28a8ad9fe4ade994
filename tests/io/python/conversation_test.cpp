#include "io/python/conversation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/environment.hpp"
#include "support/message_of.hpp"

namespace onepass::io {
namespace {

using test::message_of;
using testing::HasSubstr;

constexpr const char* echo = "import sys\nfor line in sys.stdin: print(line.strip().upper(), flush=True)";

TEST(PythonConversation, AnswersLineByLine) {
  PythonConversation talk(echo, {});
  talk.say("one");
  EXPECT_EQ(talk.hear(), "ONE");
  talk.say("two");
  talk.say("three");
  EXPECT_EQ(talk.hear(), "TWO");
  EXPECT_EQ(talk.hear(), "THREE");
  const std::string longer(300'000, 'x');
  talk.say(longer);
  EXPECT_EQ(talk.hear(), std::string(300'000, 'X'));
}

TEST(PythonConversation, FailuresGiveTheLastLineOfStandardError) {
  PythonConversation talk("import sys; input(); sys.exit('too bad')", {});
  talk.say("go");
  talk.say("nobody listens any more");
  EXPECT_EQ(message_of([&] { talk.hear(); }), "too bad");
  const test::Environment elsewhere("ONEPASS_PYTHON", "/none/python");
  EXPECT_THAT(message_of([] { PythonConversation("", {}); }), HasSubstr("/none/python: cannot be started"));
}

TEST(PythonConversation, SilenceIsAnError) {
  PythonConversation talk("input(); input()", {});
  EXPECT_THAT(message_of([&] { talk.hear(std::chrono::milliseconds(50)); }), HasSubstr("did not answer within 50 ms"));
}

TEST(PythonConversation, TheScriptIsInAProcessGroupOfItsOwn) {  // so that Ctrl-C does not reach it
  PythonConversation talk("import os; print(os.getpgrp() == os.getpid(), flush=True); input()", {});
  EXPECT_EQ(talk.hear(), "True");
}

}  // namespace
}  // namespace onepass::io
