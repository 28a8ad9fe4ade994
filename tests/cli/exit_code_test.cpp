#include "cli/exit_code.hpp"

#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "cli/errors.hpp"
#include "onepass/temporary_error.hpp"

namespace onepass::cli {
namespace {

TEST(ExitCode, TellsWhatToDo) {
  EXPECT_EQ(exit_code_of(UsageError("")), 2);
  EXPECT_EQ(exit_code_of(Interrupted("")), 130);
  EXPECT_EQ(exit_code_of(TemporaryError("")), 75);
  EXPECT_EQ(exit_code_of(std::bad_alloc()), 75);
  EXPECT_EQ(exit_code_of(AlreadyReported(7)), 7);
  EXPECT_EQ(exit_code_of(std::runtime_error("")), 1);
}

/// The exit code and the message of a command that had these failures.
std::pair<int, std::string> outcome_of(const Failures& failures, std::size_t count) {
  try {
    failures.rethrow(count, "source", "try again");
  } catch (const std::exception& error) {
    return {exit_code_of(error), error.what()};
  }
  return {0, ""};
}

TEST(Failures, AreTemporaryIfAllAre) {
  using Outcome = std::pair<int, std::string>;
  Failures failures;
  EXPECT_EQ(outcome_of(failures, 3), Outcome(0, ""));
  failures.add("a", 75, "a: not reachable");
  EXPECT_EQ(outcome_of(failures, 1), Outcome(75, "try again"));
  failures.add("b", 75, "b: not reachable");
  EXPECT_EQ(outcome_of(failures, 3), Outcome(75, "2 of 3 sources failed; try again"));
  failures.add("c", 1, "c: no video");
  EXPECT_EQ(outcome_of(failures, 3), Outcome(1, "3 of 3 sources failed"));
  EXPECT_TRUE(failures.contains("b"));
  EXPECT_FALSE(failures.contains("d"));
  EXPECT_EQ(failures.lines().back(), "c: no video");
}

TEST(Failures, OfASingleSourceAreNotToldTwice) {
  Failures failures;
  failures.add("c", 1, "c: no video");
  EXPECT_THROW(failures.rethrow(1, "source", "try again"), AlreadyReported);
  EXPECT_EQ(outcome_of(failures, 1).first, 1);
}

}  // namespace
}  // namespace onepass::cli
