#include "core/processor.hpp"

#include <optional>

#include <gtest/gtest.h>

#include "support/environment.hpp"

namespace onepass {
namespace {

#if defined(__x86_64__)
TEST(Processor, IsLimitedLikeTheEngines) {
  const test::Environment unlimited("ONEDNN_MAX_CPU_ISA", std::nullopt);
  const bool has_avx512 = __builtin_cpu_supports("avx512bw");
  const auto bf16_with = [](const char* limit) {
    const test::Environment environment("ONEDNN_MAX_CPU_ISA", limit);
    return bf16_support();
  };
  const auto vnni_with = [](const char* limit) {
    const test::Environment environment("ONEDNN_MAX_CPU_ISA", limit);
    return has_vnni();
  };
  EXPECT_EQ(bf16_with("AVX2"), Bf16Support::none);
  EXPECT_EQ(bf16_with("AVX512_CORE_VNNI"), has_avx512 ? Bf16Support::emulated : Bf16Support::none);
  EXPECT_EQ(bf16_with("DEFAULT"), bf16_support());
  EXPECT_FALSE(vnni_with("AVX2"));
  EXPECT_FALSE(vnni_with("AVX512_CORE"));
  EXPECT_EQ(vnni_with("AVX512_CORE_AMX"), has_vnni());
}
#endif

}  // namespace
}  // namespace onepass
