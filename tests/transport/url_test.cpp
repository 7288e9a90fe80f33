#include "editprep/transport/url.hpp"

#include <gtest/gtest.h>

#include <string>

#include "editprep/transport/error.hpp"

namespace editprep::transport {
namespace {

/// What the error says, or an empty text when the URL is taken.
std::string refusal(std::string_view text) {
    try {
        static_cast<void>(parse_url(text));
        return "";
    } catch (const Error& error) {
        EXPECT_EQ(error.errc(), Errc::invalid_url);
        return error.what();
    }
}

TEST(Url, HasItsParts) {
    const Url url = parse_url("HTTPS://Queue.FAL.run:8443/fal-ai/flux?a=%2F&b=1#end");
    EXPECT_EQ(url.scheme, "https");
    EXPECT_EQ(url.host, "queue.fal.run");
    EXPECT_EQ(url.port, 8443);
    EXPECT_EQ(url.path, "/fal-ai/flux");
    EXPECT_EQ(url.query, "a=%2F&b=1");
    EXPECT_EQ(url.origin(), "https://queue.fal.run:8443");
    EXPECT_EQ(url.text(), "https://queue.fal.run:8443/fal-ai/flux?a=%2F&b=1");
    EXPECT_EQ(url.shown(), "https://queue.fal.run:8443/fal-ai/flux");
}

TEST(Url, FillsInWhatIsLeftOut) {
    EXPECT_EQ(parse_url("http://h").text(), "http://h/");
    EXPECT_EQ(parse_url("http://h?x").text(), "http://h/?x");
    EXPECT_EQ(parse_url("http://h#x").text(), "http://h/");
    EXPECT_EQ(parse_url("http://h:").port, 80);
    EXPECT_EQ(parse_url("https://h/").port, 443);
    EXPECT_EQ(parse_url("https://h:443/").text(), "https://h/");
    EXPECT_EQ(parse_url("http://h:443/").text(), "http://h:443/");
}

TEST(Url, KeepsSignedTextsByteForByte) {
    const std::string text = "https://s3.example.com/a%2fb/../c//d?X-Sig=a+b%20c=&e&&f?g/h";
    EXPECT_EQ(parse_url(text).text(), text);
}

TEST(Url, KnowsIpv6) {
    const Url url = parse_url("http://[::1]:8080/x");
    EXPECT_EQ(url.host, "::1");
    EXPECT_EQ(url.port, 8080);
    EXPECT_EQ(url.origin(), "http://[::1]:8080");
    EXPECT_EQ(parse_url("https://[2001:DB8::1]").text(), "https://[2001:db8::1]/");
}

TEST(Url, RefusesWhatItCannotSendSafely) {
    for (const char* text : {"",
                             "x",
                             "/x",
                             "//h/x",
                             "http:",
                             "http:/h",
                             "http://",
                             "http:///x",
                             "ftp://h/",
                             "file:///x",
                             "javascript:alert(1)",
                             "http://h:0/",
                             "http://h:65536/",
                             "http://h:80x/",
                             "http://h:-1/",
                             "http://h /",
                             "http://h/a b",
                             "http://h/\r\nX: y",
                             "http://h/\t",
                             "http://h\\@x/",
                             "http://h/\\x",
                             "http://user@h/",
                             "http://user:word@h/",
                             "http://[::1/",
                             "http://[1.2.3.4]/",
                             "http://[fe80::1%25eth0]/",
                             "http://h%41/",
                             "http://.h/",
                             "http://a..b/",
                             "http://b\xC3\xBC"
                             "cher.de/",
                             "http://h,x/",
                             "data:text/plain,x"}) {
        EXPECT_NE(refusal(text), "") << text;
    }
    EXPECT_NE(refusal("http://" + std::string(300, 'a') + "/"), "");
    EXPECT_NE(refusal("http://h/" + std::string(70'000, 'a')), "");
}

TEST(Url, RefusalShowsNoQueryAndNoPassword) {
    EXPECT_EQ(refusal("http://h/a b?key=canary").find("canary"), std::string::npos);
    EXPECT_EQ(refusal("http://user:canary@h/").find("canary"), std::string::npos);
    EXPECT_EQ(refusal("user:canary@h").find('\n'), std::string::npos);
}

/// RFC 3986, section 5.4.1, as far as it concerns http.
TEST(Url, ResolvesTheExamplesOfTheRfc) {
    const Url base = parse_url("http://a/b/c/d;p?q");
    const auto resolved = [&](const char* reference) {
        return resolve_url(base, reference).text();
    };
    EXPECT_EQ(resolved("g"), "http://a/b/c/g");
    EXPECT_EQ(resolved("./g"), "http://a/b/c/g");
    EXPECT_EQ(resolved("g/"), "http://a/b/c/g/");
    EXPECT_EQ(resolved("/g"), "http://a/g");
    EXPECT_EQ(resolved("//g"), "http://g/");
    EXPECT_EQ(resolved("?y"), "http://a/b/c/d;p?y");
    EXPECT_EQ(resolved("g?y"), "http://a/b/c/g?y");
    EXPECT_EQ(resolved("#s"), "http://a/b/c/d;p?q");
    EXPECT_EQ(resolved("g;x=1/../y"), "http://a/b/c/y");
    EXPECT_EQ(resolved(""), "http://a/b/c/d;p?q");
    EXPECT_EQ(resolved("."), "http://a/b/c/");
    EXPECT_EQ(resolved(".."), "http://a/b/");
    EXPECT_EQ(resolved("../g"), "http://a/b/g");
    EXPECT_EQ(resolved("../.."), "http://a/");
    EXPECT_EQ(resolved("../../../g"), "http://a/g");
    EXPECT_EQ(resolved("g?y/../x"), "http://a/b/c/g?y/../x");
    EXPECT_EQ(resolved("https://x/y"), "https://x/y");
    EXPECT_EQ(resolved("//[::1]:8/y"), "http://[::1]:8/y");
    EXPECT_EQ(resolved("b//c"), "http://a/b/c/b//c");
}

TEST(Url, RedirectsLeadToHttpOnly) {
    const Url base = parse_url("http://a/");
    for (const char* reference :
         {"file:///etc/passwd", "gopher://x/", "//user@h/", "/a\r\nb", "//"}) {
        EXPECT_THROW(static_cast<void>(resolve_url(base, reference)), Error) << reference;
    }
}

TEST(Url, OriginsDifferByEveryPart) {
    const Url url = parse_url("https://h/a");
    EXPECT_TRUE(same_origin(url, parse_url("https://H:443/b?c")));
    EXPECT_FALSE(same_origin(url, parse_url("http://h:443/a")));
    EXPECT_FALSE(same_origin(url, parse_url("https://h:444/a")));
    EXPECT_FALSE(same_origin(url, parse_url("https://h.x/a")));
}

TEST(Url, LoopbackIsJudgedByTheText) {
    for (const char* host :
         {"localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.9.8.7", "::1"}) {
        EXPECT_TRUE(is_loopback_host(host)) << host;
    }
    for (const char* host :
         {"", "localhost.example.com", "notlocalhost", ".localhost", "127.0.0.1.x.com", "127.1",
          "128.0.0.1", "0.0.0.0", "::", "::2", "10.0.0.1", "2130706433"}) {
        EXPECT_FALSE(is_loopback_host(host)) << host;
    }
}

TEST(Url, PercentEncodesAllButTheUnreserved) {
    EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(percent_encode("a b/c?d&e=f+%\xC3\xA4"), "a%20b%2Fc%3Fd%26e%3Df%2B%25%C3%A4");
    EXPECT_EQ(percent_encode(std::string_view("\0\n", 2)), "%00%0A");
}

}  // namespace
}  // namespace editprep::transport
