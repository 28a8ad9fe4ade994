// For tests that run a model beside others, in the same file, that do not.
#pragma once

#include <gtest/gtest.h>

/// Skips the test in a build without LibTorch.
#define NEEDS_MODELS() \
  if (!ONEPASS_WITH_TORCH) GTEST_SKIP() << "this build has no LibTorch and runs no models"
