#include "cli/output_claims.hpp"

#include <gtest/gtest.h>

#include "cli/errors.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::cli {
namespace {

using test::message_of;

TEST(OutputClaims, AFileIsWrittenOnce) {
  const test::TemporaryFolder folder;
  const auto path = (folder / "a.txt").string();
  OutputClaims claims;
  claims.claim("", Overwrite::refuse);
  claims.claim(path, Overwrite::refuse);
  claims.claim("", Overwrite::refuse);
  const auto same = (folder / "./x/../a.txt").string();
  EXPECT_EQ(message_of([&] { claims.claim(same, Overwrite::replace); }),
            same + ": two outputs would be written to this file");
}

TEST(OutputClaims, StandardOutputHasOneOwner) {
  OutputClaims claims;
  claims.claim("-", Overwrite::refuse);
  EXPECT_EQ(message_of([&] { claims.claim("-", Overwrite::refuse); }), "only one output can be '-' (standard output)");
}

TEST(OutputClaims, ExistingFilesNeedOverwrite) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("a.txt", "precious").string();
  EXPECT_EQ(message_of([&] { OutputClaims().claim(path, Overwrite::refuse); }),
            path + ": this file already exists; use --overwrite to replace it");
  EXPECT_NO_THROW(OutputClaims().claim(path, Overwrite::replace));
  EXPECT_NO_THROW(OutputClaims().claim("/dev/null", Overwrite::refuse));
}

TEST(OutputClaims, InputsAreNeverReplaced) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("det.txt", "1,-1,0,0,10,10,1").string();
  OutputClaims claims({"", path});
  const auto same = (folder / "./det.txt").string();
  EXPECT_EQ(message_of([&] { claims.claim(same, Overwrite::replace); }), same + ": this output is also an input");
}

TEST(OutputClaims, RefusalsAreUsageErrors) {
  EXPECT_THROW(
      {
        OutputClaims claims;
        claims.claim("-", Overwrite::refuse);
        claims.claim("-", Overwrite::refuse);
      },
      UsageError);
}

}  // namespace
}  // namespace onepass::cli
