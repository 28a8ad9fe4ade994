#include "sink/web/http/access.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/base64.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::sink {
namespace {

using test::message_of;
using test::TemporaryFolder;
using testing::HasSubstr;

const std::string secret = "a-token-that-is-long-enough";

std::string basic(const std::string& credentials) {
  return "Basic " + io::to_base64({reinterpret_cast<const unsigned char*>(credentials.data()), credentials.size()});
}

TEST(Authorization, IsTheTokenAsBearerOrAsPassword) {
  EXPECT_TRUE(is_authorized("Bearer " + secret, secret));
  EXPECT_TRUE(is_authorized(basic("anyone:" + secret), secret));
  EXPECT_TRUE(is_authorized(basic(":" + secret), secret));
  for (const auto& wrong :
       std::vector<std::string>{"", secret, "Bearer " + secret + "x", "Bearer ", basic(secret),
                                basic("anyone:" + secret.substr(1)), basic(secret + ":"), "Basic !"}) {
    EXPECT_FALSE(is_authorized(wrong, secret)) << wrong;
  }
}

TEST(KnownHosts, AreAddressesLocalhostAndTheServedName) {
  const WebAddress address{"door.local", 80};
  for (const char* host : {"door.local", "door.local:80", "localhost:80", "10.0.0.7", "[::1]:80"})
    EXPECT_TRUE(is_known_host(host, address)) << host;
  for (const char* host : {"", "evil.example", "evil.example:80", "door.local.evil.example", "["})
    EXPECT_FALSE(is_known_host(host, address)) << host;
}

TEST(OtherSites, MayLinkHereButNotLoadFromHere) {
  EXPECT_FALSE(is_from_other_site("", ""));  // programs, and browsers from before 2023
  EXPECT_FALSE(is_from_other_site("same-origin", "no-cors"));
  EXPECT_FALSE(is_from_other_site("none", "navigate"));  // typed by the user
  EXPECT_FALSE(is_from_other_site("cross-site", "navigate"));
  EXPECT_TRUE(is_from_other_site("cross-site", "no-cors"));
  EXPECT_TRUE(is_from_other_site("cross-site", "cors"));
  EXPECT_TRUE(is_from_other_site("same-site", "no-cors"));
}

TEST(Guesses, AreFewPerMinuteAndClient) {
  GuessLimit limit;
  const GuessLimit::Time start{};
  const auto at = [&](int seconds) { return start + std::chrono::seconds(seconds); };
  for (int i = 0; i < GuessLimit::most_guesses; ++i) {
    EXPECT_FALSE(limit.is_locked_out("10.0.0.7", at(i)));
    limit.count_wrong("10.0.0.7", at(i));
  }
  EXPECT_TRUE(limit.is_locked_out("10.0.0.7", at(10)));
  EXPECT_FALSE(limit.is_locked_out("10.0.0.8", at(10)));
  EXPECT_TRUE(limit.is_locked_out("10.0.0.7", at(59)));
  EXPECT_FALSE(limit.is_locked_out("10.0.0.7", at(60)));
  limit.count_wrong("10.0.0.7", at(61));
  EXPECT_FALSE(limit.is_locked_out("10.0.0.7", at(61))) << "a new minute";
}

TEST(Address, IsReadAsPeopleWriteIt) {
  const auto parsed = [](const std::string& text) {
    const auto address = parse_web_address(text);
    return address.host + " " + std::to_string(address.port);
  };
  EXPECT_EQ(parsed("8080"), "127.0.0.1 8080");
  EXPECT_EQ(parsed("localhost:0"), "localhost 0");
  EXPECT_EQ(parsed("[::1]:81"), "::1 81");
  EXPECT_EQ(parsed(":81"), "0.0.0.0 81");
  for (const char* text : {"", "x", "host:", "host:x", "host:65536", "host:-1", "::1:80", "[::1]", "[x]:1", "a b:1",
                           "http://host:80", "1.2.3.4:80/"}) {
    EXPECT_THAT(message_of([&] { parse_web_address(text); }), HasSubstr("use HOST:PORT")) << text;
    EXPECT_THROW(parse_web_address(text), std::invalid_argument) << text;
  }
  EXPECT_TRUE((WebAddress{"127.8.0.1", 1}).is_loopback());
  EXPECT_TRUE((WebAddress{"::1", 1}).is_loopback());
  EXPECT_FALSE((WebAddress{"0.0.0.0", 1}).is_loopback());
  EXPECT_FALSE((WebAddress{"127.0.0.1.evil.example", 1}).is_loopback());
}

TEST(Token, IsOneLineLongEnough) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_web_token(folder.write("good", secret + "\nmore\n")), secret);
  for (const char* bad : {"", "short\n", "has a space in its middle\n", "caf\xc3\xa9-caf\xc3\xa9-caf\xc3\xa9-caf\n"}) {
    EXPECT_THAT(message_of([&] { read_web_token(folder.write("bad", bad)); }), HasSubstr("at least 16")) << bad;
  }
  EXPECT_THAT(message_of([&] { read_web_token(folder / "none"); }), HasSubstr("none: cannot be read"));
}

}  // namespace
}  // namespace onepass::sink
