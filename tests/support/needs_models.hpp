// Skips the tests of a file that run a model, in builds without LibTorch.
#pragma once

#include <gtest/gtest.h>

/// Skips the test in a build without LibTorch.
#define NEEDS_MODELS() \
  if (!ONEPASS_WITH_TORCH) GTEST_SKIP() << "this build has no LibTorch and runs no models"
