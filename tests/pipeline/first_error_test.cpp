#include "pipeline/first_error.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace onepass::pipeline {
namespace {

TEST(FirstError, AttemptsEveryStepAndThrowsTheFirstError) {
  int attempts = 0;
  const auto failing = [&](const char* message) {
    return [&attempts, message] {
      ++attempts;
      throw std::runtime_error(message);
    };
  };
  FirstError error;
  error.attempt([&] { ++attempts; });
  EXPECT_FALSE(error);
  error.attempt(failing("the disk is full"));
  EXPECT_TRUE(error);
  error.attempt(failing("the pipe is closed"));
  error.attempt([&] { ++attempts; });
  EXPECT_EQ(attempts, 4);
  try {
    error.rethrow();
    FAIL() << "the error was lost";
  } catch (const std::runtime_error& first) {
    EXPECT_STREQ(first.what(), "the disk is full");
  }
}

TEST(FirstError, ThrowsNothingIfAllStepsSucceed) {
  FirstError error;
  error.attempt([] {});
  EXPECT_NO_THROW(error.rethrow());
}

}  // namespace
}  // namespace onepass::pipeline
